/** The room's door: the tools. */
export { type BrushOptions, beginBrush } from "./brushTool";
export { type Area, beginLasso, fillArea, type Lasso } from "./lassoTool";
export { beginScribble, boxOfScribbles, marksIn, type Scribble } from "./scribbles";
export { type BrushShape, beginClick, type Gesture, type Sample, type Target, type ToolName } from "./tool";
