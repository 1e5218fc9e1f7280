/** The composition root: it wires the rooms by constructors. It may use everything. */
package quantscope;
