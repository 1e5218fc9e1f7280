package quantscope.figure;

/** A point in pixels at 100%, y downwards. */
public record Point(double x, double y) {

    public double distance(Point other) {
        return Math.hypot(other.x - x, other.y - y);
    }

    /** The point that lies a distance away on the line to another. */
    public Point towards(Point other, double distance) {
        double length = distance(other);
        return length == 0 ? this
                : new Point(x + (other.x - x) * distance / length, y + (other.y - y) * distance / length);
    }
}
