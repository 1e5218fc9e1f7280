/** Single kernels under JMH. May use the kernels and jmh-core. */
package quantscope.bench.jmh;
