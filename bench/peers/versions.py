"""Prints what a Python has for the benchmarks as a line of JSON: versions, BLAS and kernels.

    python3 bench/peers/versions.py

PyTorch's libraries report their kernels only while they work, so a second process runs a small
example, and its output is parsed."""

import ctypes
import json
import os
import platform
import re
import subprocess
import sys
from pathlib import Path

WORK = """
import torch
torch.set_num_threads(1)
a = torch.randn(64, 64)
a @ a
lstm = torch.nn.LSTM(16, 16)
lstm(torch.randn(8, 2, 16))[0].sum().backward()
"""


def found(pattern, text):
    match = re.search(pattern, text)
    return match and match[1].strip()


def describe_torch():
    import torch

    verbose = {**os.environ, "MKL_VERBOSE": "1", "ONEDNN_VERBOSE": "1", "DNNL_VERBOSE": "1"}
    shown = subprocess.run([sys.executable, "-c", WORK], env=verbose, capture_output=True, text=True)
    config = torch.__config__.show()
    blas = found(r"BLAS_INFO=(\w+)", config)
    mkl = found(r"MKL_VERBOSE (?:oneMKL|Intel\(R\) MKL) (.*?) Product build", shown.stdout)
    kernel = found(r"for Intel\(R\) 64 architecture (.*?), (?:Lnx|Win|OSX)", shown.stdout)
    dnn = found(r"(?:oneDNN|DNNL|MKL-DNN) v([\d.]+)", shown.stdout)
    isa = found(r"cpu,isa:(.*)", shown.stdout)
    parts = [f"MKL {mkl} for {kernel}" if mkl else f"BLAS {blas}"]
    if dnn:
        runs = "with" if re.search(r"exec,cpu,rnn,", shown.stdout) else "without"
        parts.append(f"oneDNN {dnn} for {isa}, {runs} nn.LSTM")
    else:
        parts.append("no oneDNN")
    if not mkl:
        parts += openblas()
    return {"torch": torch.__version__, "torchKernels": ", ".join(parts)}


def openblas():
    """The kernels of the OpenBLAS libraries in this process, if the system lists them."""
    maps = Path("/proc/self/maps")
    files = set(re.findall(r"\S*openblas\S*", maps.read_text())) if maps.exists() else set()
    kernels = []
    for file in sorted(files):
        library = ctypes.CDLL(file)
        for prefix, suffix in [("", ""), ("scipy_", "64_"), ("", "64_"), ("scipy_", "")]:
            name = getattr(library, f"{prefix}openblas_get_corename{suffix}", None)
            if name is None:
                continue
            name.restype = ctypes.c_char_p
            kernels.append(f"OpenBLAS's kernel {name().decode()}")
            break
    return kernels


def describe_numpy():
    import numpy

    return {"numpy": numpy.__version__, "numpyKernels": ", ".join(openblas()) or "BLAS unknown"}


told = {"python": platform.python_version()}
for describe in [describe_numpy, describe_torch]:
    try:
        told.update(describe())
    except ImportError:
        pass
print(json.dumps(told))
