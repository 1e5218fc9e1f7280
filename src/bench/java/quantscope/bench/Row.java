package quantscope.bench;

import java.util.Map;

/**
 * One measured line.
 *
 * @param layer            "whole" for the network, else as {@link Layers} has it
 * @param msPerImage       ours, median
 * @param spread           (slowest - fastest) / median of our rounds
 * @param shareOfPeak      of the fastest that this machine was seen to multiply as this layer does, or most layers, one thread's times
 *                         threads
 * @param peerMsPerImage   of each peer, median
 * @param ratioToBestPeer  its median / ours: above 1, we are faster; 0 where there is no peer
 * @param sameAnswers      share of images with the same top-1 answer as the best peer's; NaN for a layer
 * @param agreement        of each peer's answers with ours; empty for a layer
 */
record Row(String network, String layer, String precision, int batch, int threads, double msPerImage, double spread,
           double gmacPerSecond, double shareOfPeak, Map<String, Double> peerMsPerImage, String bestPeer,
           double ratioToBestPeer, double sameAnswers, Map<String, Agreement> agreement) { }
