package quantscope.format.onnx;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import quantscope.task.Cancellation;

/**
 * Protobuf's wire format, read once from front to back. Every length is held against the message around it, and in
 * the end against the file's size, before anything of that length is made. Large data are not read but noted as a
 * {@link Span} of the file.
 */
final class Wire {

    /** Messages inside of messages; a model without control flow needs eight. */
    private static final int DEEPEST = 64;
    /** Messages and list elements in a file; the largest models have some hundred thousand. */
    private static final int MOST = 4_000_000;

    private final CodedInputStream in;
    private final Cancellation cancellation;
    private int depth;
    private int count;

    /** @param size bytes in the stream, at most 2 GiB - 1 */
    Wire(InputStream stream, int size, Cancellation cancellation) throws IOException {
        this.in = CodedInputStream.newInstance(stream, 1 << 16);
        this.cancellation = cancellation;
        in.setSizeLimit(Integer.MAX_VALUE);
        in.pushLimit(size);
    }

    /** What to do with one field of a message; what it does not want it passes to {@link #skip}. */
    interface Fields {
        void field(int number, int tag) throws IOException;
    }

    /** The fields up to the end of the message that is being read. */
    void fields(Fields fields) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            fields.field(WireFormat.getTagFieldNumber(tag), tag);
        }
    }

    /** A message inside of the one that is being read. */
    void message(int tag, Fields fields) throws IOException {
        int outer = in.pushLimit(length(tag));
        if (++depth > DEEPEST) {
            throw new InvalidProtocolBufferException("messages are nested more than " + DEEPEST + " deep");
        }
        counted();
        fields(fields);
        depth--;
        in.popLimit(outer);
    }

    String text(int tag) throws IOException {
        expect(tag, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        counted();
        return in.readString();
    }

    long integer(int tag) throws IOException {
        expect(tag, WireFormat.WIRETYPE_VARINT);
        return in.readRawVarint64();
    }

    float floating(int tag) throws IOException {
        expect(tag, WireFormat.WIRETYPE_FIXED32);
        return in.readFloat();
    }

    /** One or, packed, several integers. */
    void integers(int tag, List<Long> to) throws IOException {
        if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_VARINT) {
            counted();
            to.add(in.readRawVarint64());
            return;
        }
        int outer = in.pushLimit(length(tag));
        while (in.getBytesUntilLimit() > 0) {
            counted();
            to.add(in.readRawVarint64());
        }
        in.popLimit(outer);
    }

    /** One or, packed, several floats. */
    void floats(int tag, List<Float> to) throws IOException {
        if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_FIXED32) {
            counted();
            to.add(in.readFloat());
            return;
        }
        int outer = in.pushLimit(length(tag));
        while (in.getBytesUntilLimit() > 0) {
            counted();
            to.add(in.readFloat());
        }
        in.popLimit(outer);
    }

    /** Where the bytes of a field lie; they are passed over. A number that is not packed is a span of its own. */
    Span span(int tag) throws IOException {
        counted();
        if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
            int length = length(tag);
            int offset = in.getTotalBytesRead();
            in.skipRawBytes(length);
            return new Span(offset, length);
        }
        int offset = in.getTotalBytesRead();
        skip(tag);
        return new Span(offset, in.getTotalBytesRead() - offset);
    }

    void skip(int tag) throws IOException {
        if (!in.skipField(tag)) {
            throw new InvalidProtocolBufferException("an end of a group without its begin");
        }
    }

    /** Bytes read so far. */
    int position() {
        return in.getTotalBytesRead();
    }

    /** Bytes of a file. */
    record Span(long offset, long length) {

        static long total(List<Span> spans) {
            return spans.stream().mapToLong(Span::length).sum();
        }
    }

    private int length(int tag) throws IOException {
        expect(tag, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        int length = in.readRawVarint32();
        if (length < 0 || length > in.getBytesUntilLimit()) {
            throw new InvalidProtocolBufferException("a field claims " + Integer.toUnsignedLong(length)
                    + " bytes, but " + in.getBytesUntilLimit() + " are left");
        }
        return length;
    }

    private static void expect(int tag, int wireType) throws IOException {
        if (WireFormat.getTagWireType(tag) != wireType) {
            throw new InvalidProtocolBufferException("field " + WireFormat.getTagFieldNumber(tag)
                    + " has wire type " + WireFormat.getTagWireType(tag) + ", expected " + wireType);
        }
    }

    private void counted() throws IOException {
        if (++count > MOST) {
            throw new InvalidProtocolBufferException("more than " + MOST + " entries");
        }
        if ((count & 0xff) == 0) {
            cancellation.check();
        }
    }
}
