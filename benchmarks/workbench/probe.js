/**
 * Runs in the page before the application: counts bytes of live textures and the time inside WebGL calls, and notes
 * long tasks and when the first picture is finished. Changes nothing that the application sees.
 */
(() => {
  const BYTES = { R8: 1, RGBA8: 4, R8UI: 1, R16UI: 2, R16I: 2, R32F: 4, RGB8UI: 3, RGBA8UI: 4, RGBA16F: 8, RGBA32F: 16 };
  const FEWEST_IMAGE_VOXELS = 1e6;
  const LONGEST_KEPT = 4000;
  const prototype = WebGL2RenderingContext.prototype;
  const byteSize = new Map(Object.entries(BYTES).map(([name, bytes]) => [prototype[name], bytes]));
  const probe = {
    textureBytes: 0,
    glMs: 0,
    callMs: {},
    glSpans: [],
    longTasks: [],
    clickedAt: null,
    uploadedAt: null,
    pictureAt: null,
  };
  window.overreadProbe = probe;

  const bound = new WeakMap();
  const unit = new WeakMap();
  const sizes = new WeakMap();
  const totals = new WeakMap();
  const key = (gl, target) => `${unit.get(gl) ?? prototype.TEXTURE0}:${target}`;
  const count = (gl, texture, bytes) => {
    const change = bytes - (sizes.get(texture) ?? 0);
    sizes.set(texture, bytes);
    totals.set(gl, (totals.get(gl) ?? 0) + change);
    probe.textureBytes += change;
  };
  const allocate = (gl, target, format, voxels) => {
    const texture = bound.get(gl)?.get(key(gl, target));
    if (texture) count(gl, texture, voxels * (byteSize.get(format) ?? 4));
  };
  const watch = {
    activeTexture: (gl, [chosen]) => unit.set(gl, chosen),
    bindTexture(gl, [target, texture]) {
      if (!bound.has(gl)) bound.set(gl, new Map());
      bound.get(gl).set(key(gl, target), texture);
    },
    texStorage2D: (gl, [target, , format, x, y]) => allocate(gl, target, format, x * y),
    texStorage3D: (gl, [target, , format, x, y, z]) => allocate(gl, target, format, x * y * z),
    texImage3D: (gl, [target, , format, x, y, z]) => allocate(gl, target, format, x * y * z),
    texImage2D(gl, given) {
      const [target, , format, x, y] = given;
      const picture = given.length === 6 ? given[5] : null;
      allocate(gl, target, format, picture ? picture.width * picture.height : x * y);
    },
    deleteTexture(gl, [texture]) {
      if (texture && sizes.has(texture)) count(gl, texture, 0);
    },
    texSubImage3D(gl, [, , , , , x, y, z, format]) {
      if (format === prototype.RED_INTEGER && x * y * z >= FEWEST_IMAGE_VOXELS) probe.uploadedAt = performance.now();
    },
    drawArrays(gl) {
      const shown = gl.getParameter(gl.FRAMEBUFFER_BINDING) === null;
      if (shown && probe.uploadedAt !== null && probe.pictureAt === null) finished(gl);
    },
  };
  let waiting = false;
  /** Ask the graphics driver when all that was drawn up to now is done. */
  function finished(gl) {
    if (waiting) return;
    waiting = true;
    const sync = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    gl.flush();
    const ask = () => {
      if (gl.getSyncParameter(sync, gl.SYNC_STATUS) !== gl.SIGNALED && !gl.isContextLost()) return void setTimeout(ask, 5);
      probe.pictureAt = performance.now();
      waiting = false;
    };
    setTimeout(ask, 0);
  }

  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    if (typeof value !== "function") continue;
    const after = watch[name];
    prototype[name] = function (...given) {
      const began = performance.now();
      const answer = value.apply(this, given);
      const ended = performance.now();
      probe.glMs += ended - began;
      probe.callMs[name] = (probe.callMs[name] ?? 0) + ended - began;
      if (ended - began > 1 && probe.glSpans.length < LONGEST_KEPT) probe.glSpans.push([began, ended, name]);
      after?.(this, given);
      if (name === "getExtension" && answer && given[0] === "WEBGL_lose_context") return losing(this, answer);
      return answer;
    };
  }
  /** A context that is given up frees its textures at once. */
  function losing(gl, extension) {
    return {
      loseContext() {
        probe.textureBytes -= totals.get(gl) ?? 0;
        totals.set(gl, 0);
        extension.loseContext();
      },
      restoreContext: () => extension.restoreContext(),
    };
  }

  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) probe.longTasks.push([startTime, duration]);
  }).observe({ type: "longtask", buffered: true });
  addEventListener("click", () => Object.assign(probe, { clickedAt: performance.now(), uploadedAt: null, pictureAt: null }), {
    capture: true,
  });
})();
