"""Try a status page in a real browser, through its WebDriver.

usage: browser.py DRIVER PAGE STATUS.json SHOTS
exit:  0 all is as it should be, else stderr says what is not

PAGE shows tests/fleets/every-state; SHOTS is a folder for pictures of it.
Source: https://www.w3.org/TR/webdriver2/
"""
import base64
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

driver, page, status_file, shots = sys.argv[1:]
with open(status_file) as f:
    status = json.load(f)
states = status["totals"]["states"]

FLAGS = """--headless --no-sandbox --disable-gpu --disable-quic --no-first-run
--disable-background-networking --disable-component-update --disable-sync
--disable-dev-shm-usage --hide-scrollbars""".split()


class Session:
    def __init__(self, base, profile):
        self.base = base
        self.url = base + "/session"
        answer = self.call("POST", "", {"capabilities": {"alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": {"args": FLAGS + ["--user-data-dir=" + profile]}}}})
        self.url += "/" + answer["sessionId"]

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, method=method)
        request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=1200) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            sys.exit("%s %s: %s" % (method, path, error.read().decode()[:500]))

    def run(self, script, *args):
        return self.call("POST", "/execute/sync", {"script": script, "args": list(args)})

    def devtools(self, command, **params):
        return self.call("POST", "/goog/cdp/execute", {"cmd": command, "params": params})

    def find(self, css):
        return next(iter(self.call("POST", "/element", {
            "using": "css selector", "value": css}).values()))

    def click(self, css):
        self.call("POST", "/element/%s/click" % self.find(css), {})

    def type(self, css, text):
        element = self.find(css)
        self.call("POST", "/element/%s/clear" % element, {})
        if text:
            self.call("POST", "/element/%s/value" % element, {"text": text})

    def shot(self, name):
        with open(os.path.join(shots, name), "wb") as picture:
            picture.write(base64.b64decode(self.call("GET", "/screenshot")))


def same(got, want, what):
    if got != want:
        sys.exit("%s: got %r, want %r" % (what, got, want))
    print("ok:", what)


def shown(s):
    """What the rows that can be seen are called."""
    return s.run("""return Array.from(document.querySelectorAll('#images tbody tr'))
        .filter(r => r.offsetHeight).map(r => r.cells[2].textContent)""")


def column(s, number):
    return s.run("""return Array.from(document.querySelectorAll('#images tbody tr'))
        .map(r => r.cells[arguments[0]].getAttribute('data-n') ||
                  r.cells[arguments[0]].textContent)""", number)


def numbers(s):
    chips = s.run("""return Object.fromEntries(Array.from(document.querySelectorAll(
        '.chips button')).map(b => [b.dataset.state, +b.firstElementChild.textContent]))""")
    same(chips, states, "totals are those of status.json")
    rows = s.run("""return Array.from(document.querySelectorAll('#images tbody tr'))
        .map(r => r.className)""")
    same({name: rows.count(name) for name in states}, states, "rows add up to the totals")
    same(len(shown(s)), status["totals"]["parents"], "all rows are shown")
    table = s.run("""return Array.from(document.querySelectorAll('#mappings tr')).slice(1)
        .map(r => Array.from(r.cells).slice(1).map(c => +c.textContent))""")
    same([sum(c) for c in zip(*table[:-1])], table[-1], "mappings add up")


def filtering(s):
    s.type("#filter", "OOM retry")
    same(shown(s), [], "words that are nowhere show nothing")
    s.type("#filter", "reg failed:")
    same(shown(s), [], "all words must be there")
    s.type("#filter", "FAILED oom")
    same(shown(s), ["baseline-a9a9a9a9a9a9"], "filter by words, in any case")
    same(s.run("return document.getElementById('shown').textContent"), "1 of 15 shown", "count")
    s.type("#filter", "")
    s.run("document.getElementById('filter').dispatchEvent(new Event('input'))")
    s.click(".chips button[data-state=failed]")
    same(len(shown(s)), states["failed"], "a click on a state shows just that")
    same(s.run("return document.querySelector('.chips button.failed').ariaPressed"), "true", "pressed")
    s.click(".chips button[data-state=held]")
    same(len(shown(s)), states["held"], "a click on another shows that")
    s.click(".chips button[data-state=held]")
    same(len(shown(s)), 15, "a second click shows all")


def sorting(s):
    by_mapping = column(s, 2)
    s.click("#images th:nth-child(3) button")
    same(column(s, 2), sorted(by_mapping), "a click sorts by name")
    same(s.run("return document.querySelector('#images th:nth-child(3)').ariaSort"), "ascending", "said so")
    s.click("#images th:nth-child(3) button")
    same(column(s, 2), sorted(by_mapping, reverse=True), "a second click the other way")
    s.click("#images th:nth-child(8) button")
    times = [float(t) for t in column(s, 7)]
    same(times, sorted(times), "times are sorted as numbers")
    s.click("#images th:nth-child(1) button")
    same(column(s, 2), by_mapping, "the first column brings back the order")


def details(s):
    target = "baseline-a7a7a7a7a7a7"
    is_open = "return document.getElementById(arguments[0]).open"
    same(s.run(is_open, target), False, "details are closed")
    s.click('#images a[href="#%s"]' % target)
    same(s.run(is_open, target), True, "a click on an image opens its details")
    s.shot("details.png")
    boxes = s.run("""return Array.from(document.querySelectorAll('#' + arguments[0] + ' .box'))
        .map(b => [b.getAttribute('class'), b.textContent])""", target)
    same(boxes[2], ["box m-running", "image[123/314]"], "the picture shows the step at work")
    same(s.run("return document.querySelector('#' + arguments[0] + ' svg').getBoundingClientRect()"
               ".height > 100", target), True, "the picture is drawn")
    same(s.run(is_open, "baseline-a9a9a9a9a9a9"), True, "failures are open from the start")
    same("8  nvcc error" in s.run("return document.querySelector('pre .hit').textContent"), True,
         "the fatal line is marked")


def hostile(s):
    same(s.run("return document.title"), "every-state: baseline images", "the title is ours")
    same(s.run("return document.querySelectorAll('img, iframe, object, link').length"), 0,
         "nothing from outside became an element")
    same(s.run("return document.scripts.length"), 1, "one script")
    same(s.run("return performance.getEntriesByType('resource').length"), 0, "nothing was loaded")
    s.run("""var b = document.createElement('button');
        b.setAttribute('onclick', 'document.title = "owned"'); b.id = 'evil'; b.textContent = 'x';
        document.body.prepend(b); b.click();
        var c = document.createElement('script'); c.textContent = 'document.title = "owned"';
        document.body.append(c);""")
    same(s.run("return document.title"), "every-state: baseline images",
         "even markup that got in could run nothing")
    s.run("document.getElementById('evil').remove()")


def timeline(s):
    bars = s.run("""return Array.from(document.querySelectorAll('#timeline rect:not(.lane)'))
        .map(r => [r.getAttribute('class'), r.textContent])""")
    same(len(bars), sum(len(i["attempts"]) for i in status["images"]), "a bar for each attempt")
    same([b for b in bars if b[0] == "now"],
         [["now", "baseline-a7a7a7a7a7a7 image, attempt 1: at work, 1 h 00 min"]], "one is at work")


def looks(s):
    s.run("scrollTo(0, 0)")
    colour = "return getComputedStyle(document.body).backgroundColor"
    same(s.run(colour), "rgb(255, 255, 255)", "light")
    s.shot("light.png")
    s.devtools("Emulation.setEmulatedMedia",
               features=[{"name": "prefers-color-scheme", "value": "dark"}])
    same(s.run(colour), "rgb(22, 24, 27)", "dark")
    s.shot("dark.png")
    s.devtools("Emulation.setEmulatedMedia", features=[])
    s.devtools("Emulation.setDeviceMetricsOverride", width=360, height=1400, deviceScaleFactor=2,
               mobile=True)
    same(s.run("return document.documentElement.scrollWidth"), 360, "a phone need not scroll sideways")
    same(s.run("""return Array.from(document.querySelectorAll('#images td'))
        .filter(c => c.offsetWidth && c.getBoundingClientRect().right > 360).length"""), 0,
         "all of a row is in sight there")
    s.shot("narrow.png")
    s.devtools("Emulation.clearDeviceMetricsOverride")


with tempfile.TemporaryDirectory() as profile:
    log = open(os.path.join(shots, "driver.log"), "w+")
    server = subprocess.Popen([driver, "--port=0"], stdout=log, stderr=log)
    try:
        port = None
        while not port:
            if server.poll() is not None:
                sys.exit("%s ended with status %d" % (driver, server.returncode))
            with open(log.name) as said:
                port = re.search(r"started successfully on port (\d+)", said.read())
            if not port:
                time.sleep(0.05)
        s = Session("http://127.0.0.1:" + port.group(1), profile)
        try:
            s.devtools("Emulation.setDeviceMetricsOverride", width=1200, height=1600,
                       deviceScaleFactor=1, mobile=False)
            s.call("POST", "/url", {"url": "file://" + os.path.abspath(page)})
            for test in numbers, filtering, sorting, hostile, timeline, details, looks:
                test(s)
        finally:
            s.call("DELETE", "")
    finally:
        server.terminate()
        server.wait()
