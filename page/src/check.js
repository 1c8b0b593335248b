// Runs first, in any browser: whether it knows what the page needs. Written for the oldest ones.
(function () {
  var wasm = typeof WebAssembly === "object" && typeof WebAssembly.Tag === "function";
  var knows = wasm && typeof DecompressionStream === "function" && typeof BigInt64Array === "function";
  if (!knows || !("noModule" in document.createElement("script"))) document.documentElement.className = "old";
})();
