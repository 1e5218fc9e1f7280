package quantscope.format.npz;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import quantscope.format.ModelFormatException;
import quantscope.format.state.ElementType;
import quantscope.format.state.StoredTensor;

/**
 * The head of an .npy file of version 1 to 3 (NumPy Enhancement Proposal 1, numpy/lib/format.py).
 *
 * @param fortran whether the first axis runs fastest
 * @param length  of the head in bytes; the elements follow
 */
record NpyHeader(ElementType type, ByteOrder order, boolean fortran, long[] sizes, int length) {

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    /** As NumPy's own max_header_size. */
    private static final int LONGEST = 10_000;
    private static final Pattern DESCRIPTION = Pattern.compile("['\"]descr['\"]\\s*:\\s*['\"]([^'\"]{1,40})['\"]");
    private static final Pattern FORTRAN = Pattern.compile("['\"]fortran_order['\"]\\s*:\\s*(True|False)");
    /** Python 2 wrote L behind long numbers. */
    private static final Pattern SHAPE = Pattern.compile("['\"]shape['\"]\\s*:\\s*\\(([0-9L,\\s]*)\\)");

    static NpyHeader read(Path file, String entry, InputStream in) throws ModelFormatException, IOException {
        byte[] head = need(in, MAGIC.length + 2);
        int version = head[MAGIC.length];
        if (!Arrays.equals(head, 0, MAGIC.length, MAGIC, 0, MAGIC.length) || version < 1 || version > 3) {
            throw new ModelFormatException(file, entry, "is no .npy array of version 1 to 3; write it with numpy.savez");
        }
        int lengthBytes = version == 1 ? 2 : 4;
        byte[] number = Arrays.copyOf(need(in, lengthBytes), 4);
        int length = ByteBuffer.wrap(number).order(ByteOrder.LITTLE_ENDIAN).getInt();
        if (length < 0 || length > LONGEST) {
            throw new ModelFormatException(file, entry, "its header would have " + Integer.toUnsignedString(length)
                    + " bytes, expected at most " + LONGEST + "; the file is damaged");
        }
        String text = new String(need(in, length), version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
        Matcher description = DESCRIPTION.matcher(text);
        Matcher fortran = FORTRAN.matcher(text);
        Matcher shape = SHAPE.matcher(text);
        if (!description.find() || !fortran.find() || !shape.find()) {
            throw new ModelFormatException(file, entry, "its header is " + text.strip()
                    + ", expected descr with one element type, fortran_order and shape");
        }
        String type = description.group(1);
        return new NpyHeader(type(file, entry, type), type.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN,
                fortran.group(1).equals("True"), sizes(file, entry, shape.group(1)), head.length + lengthBytes + length);
    }

    private static ElementType type(Path file, String entry, String description) throws ModelFormatException {
        boolean ordered = !description.isEmpty() && "<>|=".indexOf(description.charAt(0)) >= 0;
        return switch (ordered ? description.substring(1) : description) {
            case "f2" -> ElementType.FLOAT16;
            case "f4" -> ElementType.FLOAT32;
            case "f8" -> ElementType.FLOAT64;
            case "i1" -> ElementType.INT8;
            case "i2" -> ElementType.INT16;
            case "i4" -> ElementType.INT32;
            case "i8" -> ElementType.INT64;
            case "u1" -> ElementType.UINT8;
            case "u2" -> ElementType.UINT16;
            case "u4" -> ElementType.UINT32;
            case "u8" -> ElementType.UINT64;
            case "b1" -> ElementType.BOOL;
            case "O" -> throw new ModelFormatException(file, entry, "is an array of Python objects, which is a pickle and could"
                    + " run code, so it is not read; save arrays of numbers");
            default -> throw new ModelFormatException(file, entry, "has element type " + description
                    + ", expected f2, f4, f8, b1 or integers; save arrays of numbers");
        };
    }

    private static long[] sizes(Path file, String entry, String text) throws ModelFormatException {
        try {
            return Arrays.stream(text.replace("L", "").split(",")).map(String::strip).filter(s -> !s.isEmpty())
                    .mapToLong(Long::parseLong).toArray();
        } catch (NumberFormatException e) {
            throw new ModelFormatException(file, entry, "its shape is (" + text + "), expected numbers", e);
        }
    }

    /** In elements. */
    long[] strides() {
        if (!fortran) {
            return StoredTensor.contiguous(sizes);
        }
        long[] reversed = StoredTensor.contiguous(reversed(sizes));
        return reversed(reversed);
    }

    private static long[] reversed(long[] values) {
        long[] out = new long[values.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = values[values.length - 1 - i];
        }
        return out;
    }

    private static byte[] need(InputStream in, int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException("the header ends early");
        }
        return bytes;
    }
}
