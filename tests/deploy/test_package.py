"""The Debian package: what is in it, that it runs from where it was unpacked, and that it comes and goes cleanly."""

import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import machine
import package
from deployment import ROOT, Client, Server, need, sample_film


class Package(unittest.TestCase):
    def text(self, *command: object) -> str:
        return subprocess.run([str(word) for word in command], check=True, capture_output=True, text=True).stdout

    def test_it_says_what_it_takes(self):
        info = self.text("dpkg-deb", "--info", package.built())
        version = self.text(package.extracted() / "usr/lib/lightbox/bin/lightbox", "--version").strip()
        self.assertIn(f" Version: {version}\n", info)
        depends = re.search(r"^ Depends: (.*)$", info, re.MULTILINE)[1]
        for name in ("adduser", "libc6", "libsqlite3-0", "libvips42", "libdcmtk17", "libseccomp2", "libtesseract5", "fonts-noto-core", "fonts-droid-fallback", "tesseract-ocr-eng"):
            self.assertIn(name, depends)
        self.assertNotIn("swift", depends)
        self.assertEqual(self.text("dpkg-deb", "-I", package.built(), "conffiles"), "/etc/lightbox/lightbox.json\n")

    def test_nothing_in_it_knows_the_machine_that_built_it(self):
        tree = package.extracted()
        for file in [*(tree / "usr/lib/lightbox/bin").iterdir(), *(tree / "usr/lib/lightbox/openvino").iterdir()]:
            dynamic = self.text("readelf", "--dynamic", file)
            self.assertEqual(re.findall(r"R(?:UN)?PATH.*\[(.*)\]", dynamic), ["$ORIGIN"], file.name)
        for name in ("keys", "master.key", "signing.key"):
            self.assertEqual(list(tree.rglob(name)), [])

    def test_every_library_is_in_it_or_among_its_dependencies(self):
        tree = package.extracted()
        depends = set(re.findall(r"[\w.+-]+", re.search(r"Depends: (.*)", self.text("dpkg-deb", "-I", package.built()))[1]))
        for file in (tree / "usr/lib/lightbox/bin/lightbox", tree / "usr/lib/lightbox/bin/lightbox-worker",
                     tree / "usr/lib/lightbox/openvino/libopenvino_intel_cpu_plugin.so"):
            needed = re.findall(r"NEEDED.*\[(.*)\]", self.text("readelf", "--dynamic", file))
            loaded = dict(re.findall(r"(\S+) => (\S+)", self.text("ldd", file)))
            for name in needed:
                path = Path(loaded.get(name, "/lib64/" + name))
                if path.resolve().is_relative_to(tree.resolve()):
                    continue
                owner = subprocess.run(["dpkg", "-S", path, path.resolve()], capture_output=True, text=True).stdout
                owners = {line.split(":")[0] for line in owner.splitlines()}
                self.assertTrue(owners & depends, f"{file.name} takes {name} of {owners or path}")

    def test_the_server_runs_from_where_it_was_unpacked(self):
        tree = package.extracted()
        server = Server("unpacked")
        server.program = tree / "usr/lib/lightbox/bin/lightbox"
        # Only ports and data are said; everything else is found beside the program.
        keep = ("LIGHTBOX_HTTP_PORT", "LIGHTBOX_OPERATOR_PORT", "LIGHTBOX_DATA_DIRECTORY")
        server.environment = {name: value for name, value in server.environment.items() if not name.startswith("LIGHTBOX_") or name in keep}
        with server:
            client = Client(server).begin()
            self.assertIn(b"<!doctype html", client.ask("GET", "/").body.lower()[:200])
            self.assertEqual(client.ask("GET", "/docs/errors.md").status, 200)
            upload = client.upload(sample_film().read_bytes()).json()["id"]
            self.assertEqual(client.finished(client.analyse_all_the_same(upload)["id"])["state"], "completed")
            self.assertFalse([line for line in server.log_lines() if "no sentence model" in str(line)])

    def test_lintian_finds_no_error(self):
        need("lintian")
        # The package of the tests isn't compressed; the one that make package writes is.
        done = subprocess.run(
            ["lintian", "--allow-root", "--fail-on", "error,warning", "--suppress-tags",
             "uses-no-compression-for-data-tarball,uses-no-compression-for-control-tarball", package.built()], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_it_installs_starts_upgrades_and_goes_and_leaves_the_data(self):
        with tempfile.TemporaryDirectory(prefix="lightbox-install-", dir="/tmp") as name:
            folder = Path(name)
            shutil.copy(package.built(), folder / "lightbox.deb")
            done = machine.run(f"""
                set -euo pipefail
                trap 'tail -n 20 /run/lightbox.service.log' ERR
                ready() {{ curl --silent --fail --retry 60 --retry-delay 1 --retry-all-errors http://127.0.0.1:9090/health/ready; }}
                cd {folder}
                dpkg -i lightbox.deb
                id lightbox
                test ! -e /etc/lightbox/keys || {{ echo "keys were made while installing"; exit 1; }}
                systemctl start lightbox
                ready
                test "$(stat -c '%a %U' /etc/lightbox/keys/master.key)" = "600 root"
                test "$(stat -c '%a %U' /var/lib/lightbox)" = "700 lightbox"
                # What journald is given has its priority: the first command of the runbook shows what it says it does.
                journalctl --unit lightbox --priority notice | grep -F 'The operators'
                test -z "$(journalctl --unit lightbox --priority warning | grep -F 'The operators')"
                sum=$(sha256sum /etc/lightbox/keys/*)
                echo '{{"environment": "production", "queue": {{"length": 7}}}}' >/etc/lightbox/lightbox.json
                # The same again: settings, keys and data stay.
                dpkg -i lightbox.deb
                systemctl restart lightbox
                ready
                test "$sum" = "$(sha256sum /etc/lightbox/keys/*)"
                lightbox config | grep -F 'queue.length = 7  (file)'
                systemctl stop lightbox
                dpkg -r lightbox
                test ! -e /usr/lib/lightbox && test ! -e /lib/systemd/system/lightbox.service
                test -e /etc/lightbox/lightbox.json && test -e /var/lib/lightbox/lightbox.sqlite
                dpkg --purge lightbox
                test ! -e /etc/lightbox/lightbox.json
                test -e /etc/lightbox/keys/master.key && test -e /var/lib/lightbox/lightbox.sqlite
                echo all of it
                """, [folder])
            self.assertEqual((done.returncode, done.stdout.splitlines()[-1:]), (0, ["all of it"]), done.stdout[-3000:])


if __name__ == "__main__":
    unittest.main()
