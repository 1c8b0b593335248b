// Compiles all Python files below a folder with the page's own Python, and puts .pyc in place of .py.
// Usage: node compile.mjs FOLDER

import { loadPyodide } from "pyodide";

const COMPILE = `
import importlib.util, os, pathlib
from importlib._bootstrap_external import _code_to_hash_pyc

root = pathlib.Path("/stage")
# Each file as if it were the first: what marshal writes depends on what was interned before only within one file.
for path in sorted(root.rglob("*.py")):
    data = path.read_bytes()
    inside = path.relative_to(root).as_posix().split("/", 1)[1]
    keeps = inside.startswith(("_pyodide/", "pyodide/"))  # looks at its own docstrings
    code = compile(data, inside, "exec", dont_inherit=True, optimize=0 if keeps else 2)
    path.with_suffix(".pyc").write_bytes(_code_to_hash_pyc(code, importlib.util.source_hash(data), False))
    path.unlink()
`;

try {
  const python = await loadPyodide({ env: { PYTHONHASHSEED: "0", PYTHONNODEBUGRANGES: "1" } });
  python.mountNodeFS("/stage", process.argv[2]);
  python.runPython(COMPILE);
} catch (error) {
  console.error(error.message); // the stack would show the whole of Pyodide, which is one line
  process.exit(1);
}
