"""Compiles the fuzzers: each file of fuzz/Targets with the modules that it imports, instrumented by libFuzzer and
AddressSanitizer. A file of fuzz/Shared goes to every target that imports what it imports.

    fuzz/build.py [TARGET...]

What the modules are made of is read from the packages' manifests, so that nothing is said twice. No package is
fetched: a target may import only modules that need none, and one whose modules aren't there is left out, with a line
that says so. The programs come to .build-fuzz/bin; what has not changed is not compiled again.
"""

import concurrent.futures
import hashlib
import json
import os
import re
import shlex
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / ".build-fuzz"
TARGETS = ROOT / "fuzz/Targets"
SHARED = ROOT / "fuzz/Shared"

SANITIZERS = "address"
# The checks of ranges and overflow stay: they are what the fuzzers are after.
OPTIMISED = ["-O", "-enable-testing"]
# Values and rules. What decodes them is fuzzed through others; optimised, they would take a minute to compile.
PLAIN = {"Domain"}
# Modules of the toolchain, which no manifest names.
OWN = {"Foundation", "Glibc", "Swift", "Dispatch", "Synchronization"}
IMPORT = re.compile(r"^\s*(?:@\w+\s+)*(?:\w+\s+)?import\s+(\w+)", re.MULTILINE)


@dataclass
class Module:
    """A target of a manifest, as far as the compilers have to know it."""

    name: str
    folder: Path
    is_system: bool
    needs: list[str]
    libraries: list[str]
    package: str | None
    swift_flags: list[str]
    standard: str | None

    def files(self, *suffixes: str) -> list[Path]:
        return sorted(path for path in self.folder.rglob("*") if path.suffix in suffixes)

    @property
    def is_swift(self) -> bool:
        return bool(self.files(".swift"))

    @property
    def module_map(self) -> Path:
        return self.folder / "module.modulemap" if self.is_system else BUILD / f"maps/{self.name}.modulemap"


def run(command: list[str]) -> str:
    """The output of a command. Raises RuntimeError with what it said if it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{shlex.join(command)[:2000]}\n{done.stdout}{done.stderr}")
    return done.stdout


def modules() -> dict[str, Module]:
    """The targets of both packages that aren't tests, by name."""
    found: dict[str, Module] = {}
    for package in ("engine", "server"):
        manifest = json.loads(run(["swift", "package", "--package-path", str(ROOT / package), "dump-package"]))
        for target in manifest["targets"]:
            if target["type"] == "test":
                continue
            settings = [(setting["tool"], setting["kind"]) for setting in target["settings"]]
            found[target["name"]] = Module(
                name=target["name"],
                folder=ROOT / package / (target.get("path") or f"Sources/{target['name']}"),
                is_system=target["type"] == "system",
                needs=[(need.get("byName") or need.get("product") or need.get("target"))[0]
                       for need in target["dependencies"]],
                libraries=[kind["linkedLibrary"]["_0"] for _, kind in settings if "linkedLibrary" in kind],
                package=target.get("pkgConfig"),
                swift_flags=[flag for tool, kind in settings if tool == "swift" and "enableUpcomingFeature" in kind
                             for flag in ("-enable-upcoming-feature", kind["enableUpcomingFeature"]["_0"])],
                standard=manifest.get("cxxLanguageStandard"))
    return found


def closure(names: set[str], known: dict[str, Module]) -> list[Module]:
    """The modules and all that they need, what is needed first. Raises LookupError with the name of one that is missing."""
    ordered: dict[str, Module] = {}

    def add(name: str) -> None:
        if name in ordered:
            return
        if name not in known:
            raise LookupError(name)
        for need in known[name].needs:
            add(need)
        ordered[name] = known[name]

    for name in sorted(names):
        add(name)
    return list(ordered.values())


def package_flags(kind: str, parts: list[Module]) -> list[str]:
    packages = sorted({part.package for part in parts if part.package})
    return shlex.split(run(["pkg-config", f"--{kind}", *packages])) if packages else []


def make(product: Path, sources: list[Path], command: list[str], prints: list[str]) -> tuple[str, bool]:
    """Runs a command unless its product was made from the same.

    Answers with what the product was made from, and whether it was made now.
    """
    digest = hashlib.sha256(json.dumps([command, prints]).encode())
    for source in sources:
        digest.update(source.read_bytes())
    stamp = product.with_name(product.name + ".stamp")
    if product.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == digest.hexdigest():
        return digest.hexdigest(), False
    stamp.unlink(missing_ok=True)
    product.parent.mkdir(parents=True, exist_ok=True)
    run(command)
    stamp.write_text(digest.hexdigest(), encoding="utf-8")
    return digest.hexdigest(), True


def swift_command(parts: list[Module]) -> list[str]:
    """What every call of the Swift compiler begins with."""
    command = ["swiftc", "-swift-version", "6", "-parse-as-library", "-gline-tables-only", "-I", str(BUILD / "modules"),
               f"-sanitize=fuzzer,{SANITIZERS}",
               # What the targets of a package share among themselves.
               "-package-name", "lightbox"]
    for part in parts:
        if not part.is_swift:
            command += ["-Xcc", f"-fmodule-map-file={part.module_map}"]
            if not part.is_system:
                command += ["-I", str(part.folder / "include")]
    for flag in package_flags("cflags", parts):
        command += ["-Xcc", flag]
    return command


def compile_module(module: Module, known: dict[str, Module], prints: dict[str, str]) -> tuple[dict[str, str], bool]:
    """Compiles one module. Answers with the prints of its objects, and whether anything was compiled."""
    parts = closure({module.name}, known)
    if module.is_system:
        return {}, False
    if module.is_swift:
        sources = module.files(".swift")
        product = BUILD / f"objects/{module.name}.o"
        interface = BUILD / f"modules/{module.name}.swiftmodule"
        interface.parent.mkdir(parents=True, exist_ok=True)
        command = swift_command(parts) + module.swift_flags + (["-Onone"] if module.name in PLAIN else OPTIMISED) + [
            "-suppress-warnings", "-whole-module-optimization", "-module-name", module.name, "-emit-module",
            "-emit-module-path", str(interface), "-emit-object", "-o", str(product)] + [str(file) for file in sources]
        needed = [prints[name] for name in sorted(prints) if name.split("/")[0] in {part.name for part in parts}]
        made, fresh = make(product, sources, command, needed)
        return {f"{module.name}/{module.name}.o": made}, fresh
    headers = module.files(".h")
    module.module_map.parent.mkdir(parents=True, exist_ok=True)
    names = "".join(f'    header "{header}"\n' for header in sorted((module.folder / "include").glob("*.h")))
    module.module_map.write_text(f"module {module.name} {{\n{names}    export *\n}}\n", encoding="utf-8")
    objects, any_fresh = {}, False
    for source in module.files(".c", ".cpp"):
        product = BUILD / f"objects/{module.name}/{source.name}.o"
        compiler = ["clang"] if source.suffix == ".c" else ["clang++", f"-std={module.standard or 'c++17'}"]
        command = compiler + ["-O1", "-gline-tables-only", "-fno-omit-frame-pointer", "-w",
                              f"-fsanitize=fuzzer-no-link,{SANITIZERS}", "-I", str(module.folder / "include"),
                              *package_flags("cflags", parts), "-c", str(source), "-o", str(product)]
        made, fresh = make(product, [source, *headers], command, [])
        objects[f"{module.name}/{source.name}.o"] = made
        any_fresh |= fresh
    return objects, any_fresh


def imports(source: Path) -> set[str]:
    """The modules that a file of the fuzzers imports and that have to be compiled."""
    return set(IMPORT.findall(source.read_text(encoding="utf-8"))) - OWN


def link(source: Path, names: set[str], known: dict[str, Module], prints: dict[str, str]) -> bool:
    """Compiles a target's own file and links it with its modules."""
    sources = [source, *(file for file in sorted(SHARED.glob("*.swift")) if imports(file) <= names)]
    parts = closure(names, known)
    objects, needed = [], []
    for key, digest in sorted(prints.items()):
        owner, file = key.split("/")
        if owner in {part.name for part in parts}:
            objects.append(str(BUILD / "objects" / (file if file == f"{owner}.o" else key)))
            needed.append(digest)
    libraries = [f"-l{library}" for part in parts for library in part.libraries]
    if any(part.files(".cpp") for part in parts if not part.is_system):
        libraries.append("-lstdc++")
    # Exported symbols are of no use here, and the linker would warn of each that it can't export.
    command = swift_command(parts) + ["-O", "-Xlinker", "--no-export-dynamic", "-module-name", f"{source.stem}Fuzzer",
                                      *map(str, sources), *objects, *libraries]
    for flag in package_flags("libs", parts):
        command += [flag] if flag.startswith(("-l", "-L")) else []
    product = BUILD / "bin" / source.stem.lower()
    return make(product, sources, command + ["-o", str(product)], needed)[1]


def build(wanted: list[str]) -> list[str]:
    """Compiles the targets (none named: all). Answers with the names of those that are there. Raises RuntimeError."""
    started = time.monotonic()
    known = modules()
    targets: dict[Path, set[str]] = {}
    for source in sorted(TARGETS.glob("*.swift")):
        name = source.stem.lower()
        if wanted and name not in wanted:
            continue
        names = imports(source)
        try:
            closure(names, known)
            targets[source] = names
        except LookupError as missing:
            print(f"{name}: left out, there is no module {missing}")
    if unknown := set(wanted) - {path.stem.lower() for path in TARGETS.glob("*.swift")}:
        raise RuntimeError(f"there is no target {', '.join(sorted(unknown))} in fuzz/Targets")

    waiting = {module.name: module for names in targets.values() for module in closure(names, known)}
    prints: dict[str, str] = {}
    done: set[str] = set()
    compiled: list[str] = []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        running: dict[concurrent.futures.Future, str] = {}
        while waiting or running:
            for name in [name for name, module in waiting.items() if done.issuperset(module.needs)]:
                running[pool.submit(compile_module, waiting.pop(name), known, dict(prints))] = name
            finished, _ = concurrent.futures.wait(running, return_when=concurrent.futures.FIRST_COMPLETED)
            for future in finished:
                name = running.pop(future)
                made, fresh = future.result()
                prints |= made
                done.add(name)
                compiled += [name] if fresh else []
        for source, fresh in zip(targets, pool.map(lambda item: link(*item, known, prints), targets.items())):
            compiled += [source.stem.lower()] if fresh else []
    print(f"fuzzers: {len(targets)} built in {time.monotonic() - started:.0f} s"
          + (f" (compiled {', '.join(compiled)})" if compiled else ", nothing has changed"), flush=True)
    return [source.stem.lower() for source in targets]


if __name__ == "__main__":
    try:
        build(sys.argv[1:])
    except RuntimeError as error:
        sys.exit(str(error))
