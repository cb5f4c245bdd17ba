/** The room's door: the tools. */
export { type BrushOptions, beginBrush } from "./brushTool";
export { type GrowOptions, growFrom } from "./growTool";
export { beginLasso, type Lasso } from "./lassoTool";
export type { BrushShape, Gesture, Sample, Target, ToolName } from "./tool";
