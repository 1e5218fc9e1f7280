/** Where the entries of a zip archive lie, without unpacking it. It may use format and format.state. */
package quantscope.format.zip;
