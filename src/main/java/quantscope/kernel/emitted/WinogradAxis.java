package quantscope.kernel.emitted;

import java.util.ArrayList;
import java.util.List;

/**
 * How a row, or a column, of output pixels is cut into Winograd's tiles of 4, 3 and 2 pixels, the larger ones first: so
 * the tiles that have a point are always the first ones.
 *
 * @param tiles pixels of each
 */
record WinogradAxis(List<Integer> tiles) {

    /** The cut with the fewest products; of several the one with the largest tiles. */
    static WinogradAxis of(int pixels) {
        List<Integer> best = List.of();
        int fewest = Integer.MAX_VALUE;
        for (int fours = pixels / 4; fours >= 0; fours--) {
            int left = pixels - 4 * fours;
            for (int threes = left / 3; threes >= 0; threes--) {
                int twos = (left - 3 * threes) / 2;
                int products = 6 * fours + 5 * threes + 4 * twos;
                if (4 * fours + 3 * threes + 2 * twos == pixels && products < fewest) {
                    fewest = products;
                    best = new ArrayList<>();
                    add(best, fours, 4);
                    add(best, threes, 3);
                    add(best, twos, 2);
                }
            }
        }
        if (best.isEmpty()) {
            throw new IllegalArgumentException(pixels + " pixels, expected 2 or more");
        }
        return new WinogradAxis(List.copyOf(best));
    }

    private static void add(List<Integer> tiles, int count, int size) {
        for (int i = 0; i < count; i++) {
            tiles.add(size);
        }
    }

    int tile(int t) {
        return tiles.get(t);
    }

    /** The first output pixel of a tile. */
    int start(int t) {
        return tiles.subList(0, t).stream().mapToInt(Integer::intValue).sum();
    }

    /** Tiles that have a point: those of 2 pixels have the first four, each pixel more brings one more. */
    int having(int point) {
        return (int) tiles.stream().filter(m -> point < m + 2).count();
    }

    /** Points of all tiles together: products for each pair of channels. */
    int products() {
        return tiles.stream().mapToInt(m -> m + 2).sum();
    }

    /** Points of the largest tile. */
    int points() {
        return tiles.getFirst() + 2;
    }
}
