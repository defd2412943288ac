#!/usr/bin/env bash
# Make the captures of this folder again, by the tools whose formats they are, against our mock.
# Needs docpact, curl, schemathesis and Chromium on the PATH, and in $TOOLS/bin vcrpy,
# pytest-recording, mitmproxy and Playwright, which pin other versions of what we need:
#   python3 -m venv /tmp/tools
#   /tmp/tools/bin/pip install vcrpy pytest-recording mitmproxy playwright requests
set -euo pipefail
cd "$(dirname "$0")"
TOOLS=${TOOLS:-/tmp/tools}
work=$(mktemp -d)
running=()
trap 'kill "${running[@]}" 2>/dev/null; rm -rf "$work"' EXIT

record() { # FOLDER PORT [OPTION…]: one capture of each kind, of a mock with these options
    local out=$1 port=$2
    shift 2
    mkdir -p "$out"
    docpact mock --port "$port" --seed 7 "$@" 2>/dev/null &
    running+=($!)
    local base=http://127.0.0.1:$port
    local url=$base/api/v2/projects/project1/jobs/job1/instances/123
    until curl -s -o /dev/null "$base/"; do :; done

    curl -si "$url?Format=JSON" "$url" >"$out/curl-i.http"
    curl -sv "$url?Format=JSON" "$base/elsewhere" >"$out/curl-v.txt" 2>&1
    docpact test "$base" --running project1/job1/123 --max-requests 4 --seed 1 \
        --har "$out/docpact.har" >/dev/null 2>&1 || true

    cat >"$work/test_cassette.py" <<EOF
import pytest, requests

@pytest.mark.vcr
def test_instance():
    for url in ("$url?Format=JSON", "$url", "$base/elsewhere"):
        requests.get(url)
EOF
    (cd "$work" && "$TOOLS/bin/python" -m pytest -q --record-mode=rewrite test_cassette.py >/dev/null)
    cp "$work/cassettes/test_cassette/test_instance.yaml" "$out/pytest-recording.yaml"
    "$TOOLS/bin/python" - <<EOF
import requests, vcr
for name, options in {"vcrpy.json": {"serializer": "json"}, "vcrpy.yaml": {}}.items():
    with vcr.use_cassette(f"$out/{name}", record_mode="all", **options):
        requests.get("$url?Format=JSON")
        requests.get("$url")
EOF
    # What a person's browser calls: a page and what it loads, calls from the page, and answers
    # that are opened as pages. Of what the page itself loads, two files are enough.
    "$TOOLS/bin/python" - <<EOF
import re, shutil
from playwright.sync_api import sync_playwright
flags = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
kept = re.compile(r"/(api/.*|elsewhere|_docpact/explorer/(dom.js|favicon.svg))?\$")
with sync_playwright() as tools:
    chromium = tools.chromium.launch(
        executable_path=shutil.which("chromium"),
        args=[*flags.split(), "--disable-component-update", "--disable-sync"],
    )
    browser = chromium.new_context(record_har_path="$out/chromium.har", record_har_url_filter=kept)
    page = browser.new_page()
    page.goto("$base/")
    for url in ("$url?Format=JSON", "$url"):
        page.evaluate("url => fetch(url).then(answer => answer.text())", url)
    for url in ("$url?Format=JSON", "$url", "$base/elsewhere"):
        page.goto(url).body()  # or it might be forgotten on the way to the next page
    browser.close()
    chromium.close()
EOF

    cp ../../schemas/getinstance.openapi.yaml "$work/"
    (cd "$work" && schemathesis run getinstance.openapi.yaml --url "$base" --phases examples \
        --report vcr,har,ndjson --report-vcr-path st.yaml --report-har-path st.har \
        --report-ndjson-path st.ndjson --seed 1 >/dev/null 2>&1) || true
    for kind in yaml har ndjson; do cp "$work/st.$kind" "$out/schemathesis.$kind"; done

    "$TOOLS/bin/mitmdump" -q --mode "reverse:$base" --listen-host 127.0.0.1 -p $((port + 100)) \
        --set confdir="$work/mitm" -w "$work/flows" &
    local proxy=$!
    until curl -s -o /dev/null "http://127.0.0.1:$((port + 100))/"; do :; done
    curl -s -o /dev/null "${url/$port/$((port + 100))}?Format=JSON"
    curl -s -o /dev/null "${url/$port/$((port + 100))}"
    kill -INT $proxy && wait $proxy || true
    cp "$work/flows" "$out/mitmproxy.flows"
}

rm -rf clean broken
record clean 8021
record broken 8022 --fault lower-case-state
docpact generate -n 3 --seed 7 --state RUNNING | cut -c-20000 >clean/generated.ndjson
docpact generate --invalid lower-case-state --state RUNNING --seed 7 -n 1 >broken/generated.ndjson
