package quantscope.export.pytorch;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import quantscope.tensor.FloatTensor;

/** Writes fp32 arrays as NumPy's .npz: a zip of stored .npy files, format version 1.0. */
final class NpzFile {

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
    private static final int ALIGNMENT = 64;

    private NpzFile() { }

    static void write(Map<String, FloatTensor> arrays, OutputStream out) throws IOException {
        ZipOutputStream zip = new ZipOutputStream(out);
        zip.setMethod(ZipOutputStream.STORED);
        for (Map.Entry<String, FloatTensor> array : arrays.entrySet()) {
            byte[] content = npy(array.getValue());
            CRC32 crc = new CRC32();
            crc.update(content);
            ZipEntry entry = new ZipEntry(array.getKey() + ".npy");
            entry.setSize(content.length);
            entry.setCrc(crc.getValue());
            entry.setTime(0);
            zip.putNextEntry(entry);
            zip.write(content);
            zip.closeEntry();
        }
        zip.finish();
    }

    /** Magic, length of the header, the header as a Python literal padded to 64 bytes, little-endian data. */
    private static byte[] npy(FloatTensor tensor) {
        StringBuilder shape = new StringBuilder();
        tensor.shape().dims().forEach(d -> shape.append(d).append(','));
        String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + shape + "), }";
        int unpadded = MAGIC.length + 2 + header.length() + 1;
        String padded = header + " ".repeat(Math.floorMod(-unpadded, ALIGNMENT)) + "\n";
        ByteBuffer buffer = ByteBuffer.allocate(
                MAGIC.length + 2 + padded.length() + Math.multiplyExact(4, tensor.data().length));
        buffer.order(ByteOrder.LITTLE_ENDIAN).put(MAGIC).putShort((short) padded.length())
                .put(padded.getBytes(StandardCharsets.US_ASCII));
        buffer.asFloatBuffer().put(tensor.data());
        return buffer.array();
    }
}
