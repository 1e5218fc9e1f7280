/** The graph as cards and edges. It may use the session and result records and the shared packages of app. */
package quantscope.app.graphview;
