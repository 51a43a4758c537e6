"""The live canvas: a window that is written on and shows the number at every release of the pen."""
