"""The ready-made files for pipelines and pre-commit, run as their readers run them: ci.py TEST

SOURCE is a released source tree of the project, a repository with the tag v0.1.0. The
current folder is empty. A fresh ledger is checked with what the file builds.
"""
import os
import re
import shutil
import subprocess
import sys

import yaml

SOURCE = os.environ["SOURCE"]
VERSION = "v0.1.0"


def load(path):
    with open(path, encoding="utf-8") as file:
        return yaml.safe_load(file)


def run(command, folder, environment, status=0):
    told = subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, encoding="utf-8")
    assert told.returncode == status, f"{command}: {told.returncode}\n{told.stdout}"
    return told.stdout


def git(*arguments, folder="."):
    subprocess.run(["git", *arguments], cwd=folder, check=True, stdout=subprocess.DEVNULL)


def ledger(folder, due, *init):
    """A ledger of one recommendation, with that target; `init` are options of the verb."""
    subprocess.run(["dhrledger", "init", folder, *init], check=True, stdout=subprocess.DEVNULL)
    os.makedirs(folder + "/reviews/x-2019")
    for path, text in [
            ("agencies/police.ini", "[agency]\nname = Police\nkind = police\n"),
            ("reviews/x-2019/review.ini", "[review]\ntitle = X\ncsp = X\nsource = a test\n"),
            ("reviews/x-2019/1.ini",
             "[recommendation]\nnumber = 1\naddressed-to = Police\ntext = Train all staff each year.\n\n"
             f"[agency police]\nstatus = open\ndue = {due}\n")]:
        with open(f"{folder}/{path}", "w", encoding="utf-8") as file:
            file.write(text)
    with open(f"{folder}/.dhrledger.ini", "a", encoding="utf-8") as file:
        file.write("\n[severity]\nDL099 = off\n")
    git("add", ".", folder=folder)
    git("commit", "-qm", "One recommendation", folder=folder)
    return os.path.abspath(folder)


def pipeline(**more):
    """The environment of a job that has nothing but a home of its own."""
    home = os.path.abspath("home")
    os.makedirs(home, exist_ok=True)
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR", "LC_ALL", "TZ")}
    return {**kept, "HOME": home, "CI": "true", "CFLAGS": "-O0", **more}


def other_owner(folder):
    """As in a container job; False where that can't be tried."""
    if os.geteuid() != 0:
        return False
    for at, folders, files in os.walk(folder):
        for name in [".", *folders, *files]:
            os.lchown(os.path.join(at, name), 12345, 12345)
    return True


def action_steps(action):
    steps = action["runs"]["steps"]
    assert action["runs"]["using"] == "composite"
    for step in steps:
        assert step["shell"] == "sh", "a step of a composite action needs a shell"
        assert "${{" not in step["run"], "an input in a script can be code"
    return steps


def run_step(step, inputs, workspace, environment, status=0):
    own = {name: re.sub(r"\$\{\{ inputs\.([a-z-]+) \}\}", lambda match: inputs[match[1]], value)
           for name, value in step.get("env", {}).items()}
    return run(["sh", "-e", "-c", step["run"]], workspace, {**environment, **own}, status)


def test_action():
    path = SOURCE + "/.github/actions/dhrledger-check"
    action = load(path + "/action.yml")
    build, trust, check = action_steps(action)
    inputs = {name: value["default"] for name, value in action["inputs"].items()}
    bad = ledger("bad", "soon")
    good = ledger("good", "2027-03-31")
    environment = pipeline(GITHUB_ACTION_PATH=path, GITHUB_WORKSPACE=bad,
                           GITHUB_STEP_SUMMARY=os.path.abspath("summary"))
    run_step(build, inputs, bad, environment)
    if other_owner(bad):
        told = run_step(check, inputs, bad, environment, 4)
        assert "safe.directory" in told, told
    run_step(trust, inputs, bad, environment)
    told = run_step(check, inputs, bad, environment, 1)
    assert told.startswith("::error file=reviews/x-2019/1.ini,line=8,col=7,title=DL040"), told
    with open("summary", encoding="utf-8") as file:
        assert "1 error, 0 warnings" in file.read()
    run_step(check, {**inputs, "fail-level": "never"}, bad, environment)
    # A ledger in a folder of the checkout, one with a space in its name.
    os.makedirs("outer")
    shutil.copytree(good, "outer/the ledger")
    inputs["directory"] = "the ledger"
    environment["GITHUB_WORKSPACE"] = os.path.abspath("outer")
    other_owner("outer")
    run_step(trust, inputs, "outer", environment)
    assert run_step(check, inputs, "outer", environment) == ""


def pull_request(folder, base):
    """A checkout of a request's merge, as a forge makes it: a target moves in it."""
    git("clone", "-q", base, folder)
    git("switch", "-qc", "change", folder=folder)
    path = folder + "/reviews/x-2019/2.ini"
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace("due = 2027-03-31", "due = 2027-06-30"))
    git("commit", "-qam", "Later", folder=folder)
    git("checkout", "-q", "--detach", "origin/main", folder=folder)
    git("merge", "-q", "--no-ff", "-m", "Merge", "change", folder=folder)
    return os.path.abspath(folder)


def old_fault(folder):
    """A ledger whose main branch has a fault that nobody has mended yet, and a sound record."""
    made = ledger(folder, "soon")
    with open(made + "/reviews/x-2019/1.ini", encoding="utf-8") as file:
        text = file.read()
    with open(made + "/reviews/x-2019/2.ini", "w", encoding="utf-8") as file:
        file.write(text.replace("number = 1", "number = 2").replace("all staff", "new staff")
                   .replace("soon", "2027-03-31"))
    git("add", ".", folder=made)
    git("commit", "-qm", "Another", folder=made)
    return made


def test_request():
    """From fork to merge: what the request brings in is refused, and the old fault is not held
    against it; once the reason is there, it passes."""
    path = SOURCE + "/.github/actions/dhrledger-check"
    action = load(path + "/action.yml")
    build, trust, check = action_steps(action)
    inputs = {name: value["default"] for name, value in action["inputs"].items()}
    fork = pull_request("fork", old_fault("base"))
    environment = pipeline(GITHUB_ACTION_PATH=path, GITHUB_WORKSPACE=fork, GITHUB_BASE_REF="main")
    run_step(build, inputs, fork, environment)
    run_step(trust, inputs, fork, environment)
    told = run_step(check, inputs, fork, environment, 1)
    assert "file=reviews/x-2019/2.ini" in told and "DL109" in told and "1.ini" not in told, told
    told = run_step(check, {**inputs, "base": "none"}, fork, environment, 1)
    assert "file=reviews/x-2019/1.ini" in told and "DL109" not in told, told
    assert "DL109" in run_step(check, {**inputs, "base": "HEAD^1"}, fork, {**environment, "GITHUB_BASE_REF": ""}, 1)
    template = load(SOURCE + "/.gitlab/dhrledger-check.yml")["dhrledger-check"]
    script = job_script(template, "before_script", "script")
    target = subprocess.run(["git", "rev-parse", "origin/main"], cwd=fork, check=True,
                            stdout=subprocess.PIPE, encoding="utf-8").stdout.strip()
    job = pipeline(CI_PROJECT_DIR=fork, DHRLEDGER_SOURCE=SOURCE, CI_MERGE_REQUEST_DIFF_BASE_SHA=target,
                   **template["variables"])
    told = run(["sh", "-c", script], fork, job, 1)
    assert "[DL109]" in told and "1.ini" not in told, told
    told = run(["sh", "-c", script], fork, {**job, "DHRLEDGER_BASE": "none"}, 1)
    assert "[DL109]" not in told and "1.ini:8:7" in told, told
    with open(fork + "/reviews/x-2019/2.ini", "a", encoding="utf-8") as file:
        file.write("due-original = 2027-03-31\ndue-reason = The trainer left\n")
    git("commit", "-qam", "Why", folder=fork)
    assert "::error" not in run_step(check, inputs, fork, environment)
    run(["sh", "-c", script], fork, job)


def job_script(job, *parts):
    """As GitLab's runner makes one script of them."""
    return "set -e\n" + "\n".join(line for part in parts for line in job[part])


def test_gitlab():
    folder = ledger("one", "soon", "--ci", "gitlab")
    with open(folder + "/.gitlab-ci.yml", encoding="utf-8") as own, \
            open(SOURCE + "/.gitlab/dhrledger-check.yml", encoding="utf-8") as template:
        assert own.read() == template.read(), "init writes another file than the template"
    job = load(folder + "/.gitlab-ci.yml")["dhrledger-check"]
    assert job["variables"]["GIT_DEPTH"] == "0" and job["variables"]["DHRLEDGER_VERSION"] == VERSION
    script = job_script(job, "before_script", "script")
    environment = pipeline(CI_PROJECT_DIR=folder, **job["variables"])
    told = run(["sh", "-c", script], folder, environment, 1)
    assert told == "Set the CI/CD variable DHRLEDGER_SOURCE to the address of dhrledger's " \
        "repository.\n", told
    other_owner(folder)
    told = run(["sh", "-c", script], folder, {**environment, "DHRLEDGER_SOURCE": SOURCE}, 1)
    assert "\nreviews/x-2019/1.ini:8:7: error: due = soon: " in told, told
    report = job["artifacts"]["reports"]["codequality"]
    with open(f"{folder}/{report}", encoding="utf-8") as file:
        assert [issue["check_name"] for issue in yaml.safe_load(file)] == ["DL040"]


def test_workflow():
    """What init writes for GitHub uses the action, after a full checkout, of this release."""
    folder = ledger("one", "2027", "--ci", "github")
    workflow = load(folder + "/.github/workflows/ledger.yml")
    assert set(workflow[True]) == {"push", "pull_request"}
    assert workflow["permissions"] == {"contents": "read"}
    steps = workflow["jobs"]["check"]["steps"]
    guard, own, tool, check = steps
    assert own["uses"].startswith("actions/checkout@") and own["with"] == {"fetch-depth": 0}
    assert tool["with"]["ref"] == VERSION
    assert check["uses"] == f"./{tool['with']['path']}/.github/actions/dhrledger-check"
    assert os.path.exists(f"{SOURCE}/{check['uses'].split('/', 2)[2]}/action.yml")
    told = run(["sh", "-e", "-c", guard["run"]], folder, pipeline(), 1)
    assert told.startswith("::error::Set the variable DHRLEDGER_REPOSITORY"), told


def entry_of(hook):
    entry = hook["entry"].split()
    if hook["language"] == "script":
        entry[0] = f"{SOURCE}/{entry[0]}"
    return entry


def test_hooks():
    hooks = load(SOURCE + "/.pre-commit-hooks.yaml")
    assert [hook["id"] for hook in hooks] == ["dhrledger-check", "dhrledger-check-installed",
                                              "dhrledger-message", "dhrledger-message-installed"]
    folder = ledger("one", "soon")
    environment = pipeline()
    del environment["CI"]
    for hook in hooks[:2]:
        assert {"id", "name", "entry", "language"} <= set(hook)
        # What a commit deletes is no file to pre-commit, which passes over a hook without files.
        assert hook["always_run"] is True and hook["pass_filenames"] is False, hook
        entry = entry_of(hook)
        fault = "reviews/x-2019/1.ini:8:7: error: due = soon: "
        assert hook["args"] == ["--staged"]
        assert fault not in run(entry + hook["args"], folder, environment), "an old fault"
        assert fault in run(entry, folder, environment, 1)
        git("rm", "-q", "--cached", "reviews/x-2019/1.ini", folder=folder)
        assert "[DL100]" in run(entry + hook["args"], folder, environment, 1)
        assert "[DL100]" not in run(entry + ["--staged", "--await-message"], folder, environment)
        git("reset", "-q", folder=folder)
    for hook in hooks[2:]:
        assert hook["stages"] == ["commit-msg"] and "files" not in hook, hook
        git("rm", "-q", "--cached", "reviews/x-2019/1.ini", folder=folder)
        for message, wanted in [("One less", 1), ("x-2019/1: removed\n\nLedger-Record: x-2019/1", 0)]:
            with open(folder + "/.git/COMMIT_EDITMSG", "w", encoding="utf-8") as file:
                file.write(message)
            told = run(entry_of(hook) + [".git/COMMIT_EDITMSG"], folder, environment, wanted)
            assert ("[DL100]" in told) == bool(wanted), told
        git("reset", "-q", folder=folder)


if __name__ == "__main__":
    globals()["test_" + sys.argv[1]]()
