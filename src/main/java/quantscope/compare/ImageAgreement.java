package quantscope.compare;

/**
 * One image in the converted network here and in another runtime.
 *
 * @param here              top-1 class
 * @param there             top-1 class
 * @param largestDifference of the first output's elements, absolute
 */
public record ImageAgreement(String path, int here, int there, double largestDifference) {

    public boolean agrees() {
        return here == there;
    }
}
