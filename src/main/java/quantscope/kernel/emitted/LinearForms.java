package quantscope.kernel.emitted;

import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.IntFunction;
import quantscope.kernel.emitted.x64.Assembler;
import quantscope.kernel.emitted.x64.Mem;
import quantscope.kernel.emitted.x64.Op;
import quantscope.kernel.emitted.x64.Vec;

/**
 * Writes code for sums of vectors by small integers, modulo 2^16 or 2^32.
 *
 * @param words     whether elements have 16 bits, else 32
 * @param constants where a vector full of a number is
 */
record LinearForms(boolean words, IntFunction<Mem> constants) {

    /** The numbers other than 1 and -1 that rows multiply by, without signs. */
    static SortedSet<Integer> factors(int[][]... matrices) {
        SortedSet<Integer> factors = new TreeSet<>();
        for (int[][] matrix : matrices) {
            Arrays.stream(matrix).flatMapToInt(Arrays::stream).map(Math::abs).filter(c -> c > 1).forEach(factors::add);
        }
        return factors;
    }

    /**
     * The sum of the vectors by a row of numbers, one of which is positive.
     *
     * @param sum     where it may be put
     * @param product to work with
     * @return where it is: {@code sum}, or the one vector whose number is 1 and no other's is not 0
     */
    Vec emit(Assembler a, int[] row, List<Vec> vectors, Vec sum, Vec product) {
        Vec so = null;
        for (int sign : new int[] {1, -1}) {
            for (int i = 0; i < row.length; i++) {
                if (row[i] * sign <= 0) {
                    continue;
                }
                Vec term = vectors.get(i);
                if (row[i] != sign) {
                    term = so == null ? sum : product;
                    a.emit(words ? Op.VPMULLW : Op.VPMULLD, term, vectors.get(i), constants.apply(Math.abs(row[i])));
                }
                if (so == null) {
                    so = term;
                } else {
                    a.emit(sign > 0 ? words ? Op.VPADDW : Op.VPADDD : words ? Op.VPSUBW : Op.VPSUBD, sum, so, term);
                    so = sum;
                }
            }
        }
        return so;
    }
}
