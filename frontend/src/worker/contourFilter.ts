/** From our masks to ITK's contour interpolation and back. */
import type { ContourInterpolation } from "@/labels";

/** The part of ITK's image that is used: uint8, three axes, 1 mm. The filter looks at voxels only. */
interface ItkImage {
  readonly imageType: {
    readonly dimension: number;
    readonly componentType: "uint8";
    readonly pixelType: "Scalar";
    readonly components: number;
  };
  readonly name: string;
  readonly origin: number[];
  readonly spacing: number[];
  readonly direction: Float64Array;
  readonly size: number[];
  readonly metadata: Map<string, string>;
  readonly data: Uint8Array;
}

/** The filter as the package offers it, in the browser or in Node. */
export type ItkFilter = (
  image: ItkImage,
  options: { readonly axis: number; readonly label: number },
) => Promise<{ readonly outputImage: { readonly data: unknown } }>;

/** Return our interpolation through this filter. Raises an error when it gives back something else than the mask. */
export function interpolationBy(filter: ItkFilter): ContourInterpolation {
  return async (mask, shape, axis) => {
    const image: ItkImage = {
      imageType: { dimension: 3, componentType: "uint8", pixelType: "Scalar", components: 1 },
      name: "mask",
      origin: [0, 0, 0],
      spacing: [1, 1, 1],
      direction: Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1),
      size: [...shape],
      metadata: new Map(),
      data: mask,
    };
    const { outputImage } = await filter(image, { axis, label: 1 });
    const { data } = outputImage;
    if (!(data instanceof Uint8Array) || data.length !== mask.length) {
      throw new Error("The slices could not be filled: the interpolation gave no mask back.");
    }
    return data;
  };
}
