/**
 * What the window knows and what the user can do, without any view: model, images, choices, results.
 * It may use session, the result records, app.task and app.text; no scene, no stage.
 */
package quantscope.app.state;
