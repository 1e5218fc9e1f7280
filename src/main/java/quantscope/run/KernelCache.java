package quantscope.run;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.SoftReference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import quantscope.kernel.Channels;
import quantscope.kernel.Fused;
import quantscope.kernel.ImageQuantizer;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Kernels;

/**
 * Packs a layer with weights once for all executables that have it, however many threads compile. A kernel lives as long
 * as an executable has it; beside that, those that were wanted last are kept for the next compilation, as many as a
 * bound of bytes allows and while the heap has room.
 */
final class KernelCache implements Kernels {

    private final Kernels kernels;
    private final long mostBytes;
    private final Map<Integer, List<Entry>> entries = new HashMap<>();
    /** The last wanted one comes last. */
    private final Map<Entry, SoftReference<HoldingKernel<LayerContent>>> recent = new LinkedHashMap<>();
    private final List<Packing> underWay = new ArrayList<>();
    private final ReferenceQueue<HoldingKernel<LayerContent>> gone = new ReferenceQueue<>();
    private long recentBytes;

    /** @param mostBytes of kernels that are kept though no executable has them */
    KernelCache(Kernels kernels, long mostBytes) {
        this.kernels = Objects.requireNonNull(kernels);
        this.mostBytes = mostBytes;
    }

    /** What somebody packs now; empty in the end, where that failed. */
    private record Packing(LayerContent layer, CompletableFuture<Optional<HoldingKernel<LayerContent>>> end) { }

    /** Knows a kernel without keeping it alive. */
    private static final class Entry extends WeakReference<HoldingKernel<LayerContent>> {

        private final int hash;
        private final long bytes;

        Entry(HoldingKernel<LayerContent> kernel, ReferenceQueue<HoldingKernel<LayerContent>> gone) {
            super(kernel, gone);
            hash = kernel.held().hashCode();
            bytes = kernel.held().bytes();
        }
    }

    @Override
    public Kernel pack(KernelSpec spec) {
        return LayerContent.of(spec).map(this::shared).orElseGet(() -> kernels.pack(spec));
    }

    @Override
    public Optional<Kernel> fuse(Kernel layer, Fused how) {
        return layer instanceof HoldingKernel<?> shared
                ? kernels.fuse(shared.kernel(), how).map(fused -> new HoldingKernel<>(shared, fused))
                : kernels.fuse(layer, how);
    }

    @Override
    public Optional<ImageQuantizer> imageQuantizer(KernelSpec.Quantize spec, Channels image) {
        return kernels.imageQuantizer(spec, image);
    }

    @Override
    public String description() {
        return kernels.description();
    }

    private Kernel shared(LayerContent layer) {
        Packing mine = new Packing(layer, new CompletableFuture<>());
        while (true) {
            Packing first;
            synchronized (this) {
                Optional<HoldingKernel<LayerContent>> found = find(layer);
                if (found.isPresent()) {
                    return found.get();
                }
                first = underWay.stream().filter(p -> p.layer().equals(layer)).findFirst().orElse(mine);
                if (first == mine) {
                    underWay.add(mine);
                }
            }
            if (first == mine) {
                return packed(mine);
            }
            Optional<HoldingKernel<LayerContent>> theirs = first.end().join();
            if (theirs.isPresent()) {
                return theirs.get();
            }
        }
    }

    private Kernel packed(Packing mine) {
        Optional<HoldingKernel<LayerContent>> end = Optional.empty();
        try {
            HoldingKernel<LayerContent> packed = new HoldingKernel<>(mine.layer(), kernels.pack(mine.layer().spec()));
            end = Optional.of(packed);
            return packed;
        } finally {
            synchronized (this) {
                underWay.remove(mine);
                end.ifPresent(this::add);
            }
            mine.end().complete(end);
        }
    }

    private void add(HoldingKernel<LayerContent> kernel) {
        Entry entry = new Entry(kernel, gone);
        entries.computeIfAbsent(entry.hash, _ -> new ArrayList<>()).add(entry);
        keep(entry, kernel);
    }

    private Optional<HoldingKernel<LayerContent>> find(LayerContent layer) {
        forget();
        for (Entry entry : entries.getOrDefault(layer.hashCode(), List.of())) {
            HoldingKernel<LayerContent> kernel = entry.get();
            if (kernel != null && kernel.held().equals(layer)) {
                keep(entry, kernel);
                return Optional.of(kernel);
            }
        }
        return Optional.empty();
    }

    /** As the last wanted one, in place of those whose turn is longest ago. */
    private void keep(Entry entry, HoldingKernel<LayerContent> kernel) {
        drop(entry);
        if (entry.bytes > mostBytes) {
            return;
        }
        while (recentBytes + entry.bytes > mostBytes) {
            drop(recent.keySet().iterator().next());
        }
        recent.put(entry, new SoftReference<>(kernel));
        recentBytes += entry.bytes;
    }

    private void drop(Entry entry) {
        if (recent.remove(entry) != null) {
            recentBytes -= entry.bytes;
        }
    }

    /** Entries whose kernels are gone. */
    private void forget() {
        for (Object next = gone.poll(); next != null; next = gone.poll()) {
            Entry entry = (Entry) next;
            drop(entry);
            List<Entry> same = entries.get(entry.hash);
            same.remove(entry);
            if (same.isEmpty()) {
                entries.remove(entry.hash);
            }
        }
    }
}
