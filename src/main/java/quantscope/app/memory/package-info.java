/** What the window remembers from one start to the next. It may use ptq, dataset and export. */
package quantscope.app.memory;
