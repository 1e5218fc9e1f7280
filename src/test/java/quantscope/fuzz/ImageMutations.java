package quantscope.fuzz;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;

/** Changes what the headers of images say: sizes, depths, kinds of compression, sampling factors, palettes. */
final class ImageMutations {

    private ImageMutations() { }

    static List<Mutation> all() {
        return List.of(Mutation.of("header fields", (file, others, random) -> header(file, random)),
                Mutation.of("chunks", (file, others, random) -> chunks(file, random)));
    }

    private static byte[] header(byte[] file, Random random) {
        byte[] copy = file.clone();
        for (int edits = 1 + random.nextInt(2); edits > 0; edits--) {
            if (starts(copy, 0x89, 'P')) {
                // IHDR: width, height, depth, colour type, compression, filter, interlace.
                int[][] fields = {{16, 4}, {20, 4}, {24, 1}, {25, 1}, {26, 1}, {27, 1}, {28, 1}};
                field(copy, fields[random.nextInt(fields.length)], true, random);
            } else if (starts(copy, 'B', 'M')) {
                int[][] fields = {{10, 4}, {14, 4}, {18, 4}, {22, 4}, {26, 2}, {28, 2}, {30, 4}, {34, 4}, {46, 4}, {50, 4}, {54, 4}};
                field(copy, fields[random.nextInt(fields.length)], false, random);
            } else if (starts(copy, 'G', 'I')) {
                int[] image = {Math.max(0, indexOf(copy, 0x2c, 13)), 0};
                int[][] fields = {{6, 2}, {8, 2}, {10, 1}, {11, 1}, {image[0] + 1, 2}, {image[0] + 3, 2}, {image[0] + 5, 2},
                    {image[0] + 7, 2}, {image[0] + 9, 1}, {image[0] + 10, 1}};
                field(copy, fields[random.nextInt(fields.length)], false, random);
            } else {
                int frame = segment(copy, random);
                field(copy, new int[] {frame + random.nextInt(18), 1 + random.nextInt(2)}, true, random);
            }
        }
        return random.nextInt(4) == 0 ? copy : withSums(copy);
    }

    private static void field(byte[] file, int[] place, boolean bigEndian, Random random) {
        if (place[0] >= 0 && place[0] + place[1] <= file.length) {
            long number = random.nextInt(3) == 0 ? 1L << random.nextInt(17) : Interesting.number(random);
            ByteMutations.put(file, place[0], place[1], number, bigEndian);
        }
    }

    /** A JPEG file's frame header, or any segment. */
    private static int segment(byte[] file, Random random) {
        List<Integer> markers = new ArrayList<>();
        for (int i = 0; i + 1 < file.length; i++) {
            if (file[i] == (byte) 0xff && (file[i + 1] & 0xff) >= 0xc0) {
                int weight = (file[i + 1] & 0xff) <= 0xc2 ? 4 : 1;
                for (int k = 0; k < weight; k++) {
                    markers.add(i + 2);
                }
            }
        }
        return markers.isEmpty() ? 0 : markers.get(random.nextInt(markers.size()));
    }

    /** Doubles, drops or swaps a PNG's chunks; other files are cut into pieces of a few bytes. */
    private static byte[] chunks(byte[] file, Random random) {
        List<byte[]> parts = new ArrayList<>();
        int at = starts(file, 0x89, 'P') ? 8 : Math.min(file.length, 12);
        parts.add(Arrays.copyOf(file, at));
        while (at < file.length) {
            long length = starts(file, 0x89, 'P') && at + 12 <= file.length ? 12 + number(file, at) : 16 + random.nextInt(64);
            int end = (int) Math.min(file.length, at + Math.max(1, length));
            parts.add(Arrays.copyOfRange(file, at, end));
            at = end;
        }
        int i = random.nextInt(parts.size());
        int j = random.nextInt(parts.size());
        switch (random.nextInt(3)) {
            case 0 -> parts.add(j, parts.get(i));
            case 1 -> parts.remove(i);
            default -> Collections.swap(parts, i, j);
        }
        return ByteMutations.joined(parts.toArray(byte[][]::new));
    }

    /** With a PNG's check sums computed anew, so that the reader believes the rest. */
    private static byte[] withSums(byte[] file) {
        if (!starts(file, 0x89, 'P')) {
            return file;
        }
        for (int at = 8; at + 12 <= file.length;) {
            long length = number(file, at);
            if (length > file.length - at - 12) {
                break;
            }
            CRC32 crc = new CRC32();
            crc.update(file, at + 4, (int) length + 4);
            ByteMutations.put(file, at + 8 + (int) length, 4, crc.getValue(), true);
            at += 12 + (int) length;
        }
        return file;
    }

    private static long number(byte[] file, int at) {
        return (file[at] & 0xffL) << 24 | (file[at + 1] & 0xff) << 16 | (file[at + 2] & 0xff) << 8 | file[at + 3] & 0xff;
    }

    private static boolean starts(byte[] file, int first, int second) {
        return file.length > 8 && (file[0] & 0xff) == first && file[1] == second;
    }

    private static int indexOf(byte[] file, int value, int from) {
        for (int i = from; i < file.length; i++) {
            if ((file[i] & 0xff) == value) {
                return i;
            }
        }
        return -1;
    }
}
