/** The room's door: the tools. */
export { type BrushOptions, beginBrush } from "./brushTool";
export { type GrowOptions, growFrom } from "./growTool";
export { type Area, beginArea, beginLasso, type Lasso } from "./lassoTool";
export { beginScribble, boxOfScribbles, marksIn, type Scribble } from "./scribbles";
export type { BrushShape, Gesture, Sample, Target, ToolName } from "./tool";
