/** Hostile files: takes good ones apart, puts them together wrongly and opens them. It may use session, export and dataset. */
package quantscope.fuzz;
