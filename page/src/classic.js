// Pages from a disk can only have classic workers, which Pyodide refuses for its importScripts: nothing here needs it.
self.importScripts = undefined;
