"""The commands in the documents are run: those of the runbook on a copy of this machine, those of the README beside a server."""

import json
import os
import re
import shlex
import shutil
import subprocess
import tempfile
import unittest
from dataclasses import dataclass
from pathlib import Path

import machine
import package
from deployment import CONSENT, DEPLOY, ROOT, Client, Server, distribution, need, sample_film

DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted(DEPLOY.glob("**/*.md"))]
# Those whose commands run beside a server, in this order, and those that want it stopped.
BESIDE = [ROOT / "README.md", *(ROOT / f"docs/{name}.md" for name in ("audit", "models", "reports-verify"))]
STOPPED = [ROOT / "docs/sessions.md"]
SHELL = {"sh", "bash", "shell", "console"}
# What has to have happened before the block under a heading, and is not for a person to type.
BEFORE = {
    # Somebody has been there.
    "Backups": "curl --silent --fail --retry 60 --retry-delay 1 --retry-all-errors --json " + shlex.quote(json.dumps(CONSENT)) + " http://127.0.0.1:8080/api/v1/session",
    # An upgrade made it.
    "Rollback": "python3 -c \"import sqlite3; sqlite3.connect('/var/lib/lightbox/lightbox.sqlite').execute("
    "'VACUUM INTO \\'/var/lib/lightbox/lightbox.before-migration-7.sqlite\\'')\"",
}


@dataclass
class Block:
    line: int
    heading: str
    # What stands after the three marks: the language, then `run`, or `skip: ` and why.
    info: str
    text: str


def blocks(document: str) -> list[Block]:
    found, heading, lines = [], "", iter(enumerate(document.splitlines(), 1))
    for number, line in lines:
        if line.startswith("#"):
            heading = line.lstrip("# ")
        if line.startswith("```"):
            body = []
            for _, inner in lines:
                if inner == "```":
                    break
                body.append(inner)
            found.append(Block(number, heading, line.removeprefix("```").strip(), "\n".join(body)))
    return found


def untagged(document: str) -> list[str]:
    """Blocks of commands that say neither that they are run nor why they aren't."""
    found = []
    for block in blocks(document):
        language, _, tag = block.info.partition(" ")
        if not language:
            found.append(f"line {block.line}: a block without a language")
        elif language in SHELL and tag != "run" and not re.fullmatch(r"skip: .{10,}", tag):
            found.append(f"line {block.line}: “{block.info}” says neither run nor skip: and why")
    return found


def to_run(document: Path) -> list[Block]:
    return [block for block in blocks(document.read_text()) if block.info.split(" ")[0] in SHELL and block.info.endswith(" run")]


def inline(document: str) -> list[list[str]]:
    """What stands between backticks within a line, as words."""
    without = re.sub(r"^```.*?^```$", "", document, flags=re.MULTILINE | re.DOTALL)
    return [found.split() for found in re.findall(r"`([^`\n]+)`", without)]


def faults_of(words: list[str]) -> list[str]:
    """What isn't there of a command in the middle of a sentence: `lightbox …`, `make …`, or a script."""
    if words[0] == "lightbox":
        command = [str(distribution() / "bin/lightbox")]
        options = [word.split("=")[0] for word in words if word.startswith("--") and word != "--help"]
        names = iter(words[1:])
        told = subprocess.run([*command, "--help"], capture_output=True, text=True, check=True).stdout
        # A name of the program's is that of a subcommand where there are any; then come values.
        while "SUBCOMMANDS:" in told and (name := next(names, None)) and not name.startswith("-"):
            command.append(name)
            asked = subprocess.run([*command, "--help"], capture_output=True, text=True)
            if asked.returncode or not re.search(rf"^USAGE: lightbox {' '.join(command[1:])}\b", asked.stdout, re.MULTILINE):
                return [f"there is no {' '.join(words)}"]
            told = asked.stdout
        return [f"{' '.join(words)}: there is no {option}" for option in options if not re.search(rf"{option}\b", told)]
    if words[0] == "make":
        targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
        return [f"there is no make {word}" for word in words[1:] if re.fullmatch("[a-z-]+", word) and word not in targets]
    if re.match(r"(scripts|bench|tools|fuzz|tests)/", words[0]):
        return [] if list(ROOT.glob(words[0].split("::")[0])) else [f"there is no {words[0]}"]
    return []


class Commands(unittest.TestCase):
    def test_a_command_in_a_sentence_is_one_that_there_is(self):
        found, seen = [], 0
        for path in [*DOCUMENTS, ROOT / "CONTRIBUTING.md"]:
            for words in inline(path.read_text()):
                seen += words[0] in ("lightbox", "make")
                found += [f"{path.relative_to(ROOT)}: {fault}" for fault in faults_of(words)]
        self.assertGreater(seen, 40)
        self.assertFalse(found, "\n  " + "\n  ".join(found))

    def test_a_command_that_there_is_not_is_noticed(self):
        wrong = ["lightbox polish", "lightbox keys melt", "lightbox config --shiny", "make tea", "scripts/nothing.sh"]
        self.assertEqual([words for words in wrong if not faults_of(words.split())], [])
        self.assertEqual(inline("a `make test`\n```sh\n`no`\n```\nb `ls`"), [["make", "test"], ["ls"]])

    def test_every_block_of_commands_says_whether_it_is_run(self):
        found = [f"{path.relative_to(ROOT)}, {fault}" for path in DOCUMENTS for fault in untagged(path.read_text())]
        self.assertFalse(found, "\n  " + "\n  ".join(found))

    def test_a_block_without_a_word_is_noticed(self):
        self.assertEqual(len(untagged("```sh\nls\n```\n```\nls\n```\n```sh skip: \nls\n```\n```sh run\nls\n```\n```json\n{}\n```")), 3)

    def test_the_runbook_runs_from_installing_to_removing(self):
        need("caddy", "curl")
        with tempfile.TemporaryDirectory(prefix="lightbox-runbook-", dir="/tmp") as name:
            folder = Path(name)
            shutil.copy(package.built(), folder / "lightbox.deb")
            script = [f"cd {folder}", "trap 'tail -n 20 /run/lightbox.service.log >&2' ERR", "mkdir -p /etc/caddy /etc/cron.d"]
            wanted = to_run(ROOT / "docs/operations.md")
            for block in wanted:
                script.append(f"echo '== {block.line} {block.heading}' | tee -a {folder}/done")
                if block.heading in BEFORE:
                    script.append(BEFORE[block.heading])
                script.append(f"bash -euo pipefail -c {shlex.quote(block.text)}")
            result = machine.run("set -eE\n" + "\n".join(script) + f"\necho done >>{folder}/done\n", [folder])
            log = ROOT / "test-results/runbook.log"
            log.parent.mkdir(exist_ok=True)
            log.write_text(result.stdout)
            self.assertEqual(result.returncode, 0, result.stdout[-3000:])
            self.assertEqual(len((folder / "done").read_text().splitlines()), len(wanted) + 1)

    def test_no_block_says_that_it_is_run_and_is_not(self):
        run = [path for path in DOCUMENTS if to_run(path)]
        self.assertEqual(set(run), {*BESIDE, *STOPPED, ROOT / "docs/operations.md"})

    def test_the_commands_of_the_other_documents_run(self):
        with Server("readme") as server:
            client = Client(server).begin()
            upload = client.upload(sample_film().read_bytes()).json()["id"]
            analysis = client.finished(client.analyse_all_the_same(upload)["id"])
            report = client.reported(analysis["id"])
            folder = Path(server.folder.name) / "here"
            folder.mkdir()
            (folder / "report.pdf").write_bytes(client.api("GET", f"/reports/{report['id']}/document?format=pdf").body)
            (folder / "chest.dcm").write_bytes(sample_film().read_bytes())
            preview = client.api("GET", f"/uploads/{upload}/preview?width=1024")
            (folder / "chest.jpg").write_bytes(preview.body)
            (folder / "notes.txt").write_text("crushing pain in the chest\na cough for two days\n")
            (folder / ".build-dist").symlink_to(distribution())
            (folder / "tests").symlink_to(ROOT / "tests")
            (folder / "jwks.json").write_bytes(client.ask("GET", "/.well-known/jwks.json").body)
            programs = Path(server.folder.name) / "programs"
            programs.mkdir()
            (programs / "lightbox").symlink_to(server.program)
            environment = {**server.environment, "PATH": f"{programs}:{os.environ['PATH']}"}

            def run(document: Path):
                for block in to_run(document):
                    with self.subTest(document=document.name, line=block.line):
                        done = subprocess.run(
                            ["bash", "-euo", "pipefail", "-c", block.text], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                            capture_output=True, text=True, timeout=300)
                        self.assertEqual(done.returncode, 0, done.stdout[-1500:] + done.stderr[-1500:])

            # Heads are signed each hour, and at the end.
            server.stop()
            shutil.copy(Path(server.environment["LIGHTBOX_DATA_DIRECTORY"]) / "audit-heads.jsonl", folder)
            server.start()
            for document in BESIDE:
                run(document)
            server.stop()
            for document in STOPPED:
                run(document)


if __name__ == "__main__":
    unittest.main()
