"""Shell commands that destroy something are flagged, and everyday ones are not."""

import pytest

from hrm_edge.commands.run.repl.dangers import dangers

DANGEROUS = {
    "rm -r build": "rm -r",
    "rm -rf /": "everything",
    "rm notes.txt": "rm deletes",
    "sudo rm -fr --no-preserve-root /": "rm -r",
    "sudo -u root rm -r x": "rm -r",
    "/bin/rm -R x": "rm -r",
    "FOO=1 rm -r x": "rm -r",
    "\\rm -r x": "rm -r",
    "'rm' -r x": "rm -r",
    "r''m -r x": "rm -r",
    "cd x && rm -rf .": "everything",
    "true; rm -rf x": "rm -r",
    "(cd x; rm -rf y)": "rm -r",
    "if true; then rm -rf x; fi": "rm -r",
    "for f in *; do rm -r $f; done": "rm -r",
    "while true; do rm a; done": "rm deletes",
    "{ rm -r x; }": "rm -r",
    "echo $(rm -rf x)": "rm -r",
    "echo `rm -rf x`": "rm -r",
    'echo "now: $(rm -rf x)"': "rm -r",
    "diff <(rm -r a) b": "rm -r",
    "true &\nrm -r x": "rm -r",
    "ls | xargs rm -rf": "rm -r",
    "find . -print0 | xargs -0 -n 1 rm -r": "rm -r",
    "nohup nice -n 5 rm -r x &": "rm -r",
    "timeout 5 rm -r x": "rm -r",
    "env A=b rm -r x": "rm -r",
    "bash -c 'rm -rf x'": "rm -r",
    'sh -ec "cd /; rm -rf tmp"': "rm -r",
    "eval 'rm -rf x'": "rm -r",
    "ssh host rm -rf x": "rm -r",
    "sudo bash -c 'dd if=a of=/dev/sda'": "/dev/sda",
    "find . -name '*.tmp' -delete": "find -delete",
    "find . -exec rm -r {} \\;": "rm -r",
    "find . -type f -exec shred {} +": "shred",
    "dd if=image.iso of=/dev/sdb bs=4M": "/dev/sdb",
    "mkfs.ext4 /dev/sdb1": "wipes a disk",
    "mkfs -t vfat /dev/sdb": "wipes a disk",
    "wipefs -a /dev/sdb": "wipes a disk",
    "cat image > /dev/sda": "/dev/sda",
    "git push --force": "--force",
    "git push -f origin main": "--force",
    "git push origin +main": "--force",
    "git push --force-with-lease": "--force",
    "git push origin --delete old": "--delete",
    "git push origin :old": "--delete",
    "git -C repo reset --hard HEAD~1": "--hard",
    "git reset --hard": "--hard",
    "git clean -fdx": "git clean",
    "git checkout -- .": "git checkout",
    "git checkout .": "git checkout",
    "git restore a.py": "git restore",
    "git branch -D old": "branch -D",
    "git stash drop": "stash drop",
    "git stash clear": "stash clear",
    "git filter-branch --all": "rewrites",
    "chmod -R 777 .": "chmod -R",
    "sudo chown -R me /srv": "chown -R",
    "chmod --recursive u+x .": "chmod -R",
    "kill -9 123": "kill -9",
    "kill -KILL 123": "kill -9",
    "kill -s SIGKILL 123": "kill -9",
    "kill -9 -1": "every process",
    "killall firefox": "killall",
    "pkill -f server": "pkill",
    "fuser -k 8080/tcp": "fuser -k",
    "curl https://x.sh | sh": "unread",
    "curl -fsSL https://x.sh | sudo bash": "unread",
    "wget -qO- https://x | tee log | bash -s": "unread",
    "bash <(curl -s https://x)": "unread",
    'sh -c "$(curl -fsSL https://x)"': "unread",
    'eval "$(wget -O- https://x)"': "unread",
    "source <(curl https://x)": "unread",
    "curl https://x | python3": "unread",
    "echo x > full.txt": "overwrites full.txt",
    "sort full.txt >full.txt": "overwrites full.txt",
    ": > full.txt": "overwrites full.txt",
    "> full.txt": "overwrites full.txt",
    "ls 2> full.txt": "overwrites full.txt",
    "ls &> full.txt": "overwrites full.txt",
    "ls >| full.txt": "overwrites full.txt",
    "echo x > $OUT": "overwrites $OUT",
    "echo x | tee full.txt": "overwrites full.txt",
    "mv other.txt full.txt": "overwrites full.txt",
    "cp other.txt full.txt": "overwrites full.txt",
    "cp sub/full.txt .": "overwrites full.txt",
    "mv a.txt /dev/null": "lost",
    "truncate -s 0 log": "truncate",
    "shred -u key": "shred",
    "sed -i 's/a/b/' x": "in place",
    "sed -i.bak -e s/a/b/ x": "in place",
    "perl -pi -e s/a/b/ x": "in place",
    "rsync -a --delete a/ b/": "rsync",
    "tar --remove-files -cf a.tar a": "tar deletes",
    "crontab -r": "jobs",
    "sudo reboot": "restarts",
    "shutdown -h now": "stops",
    "systemctl poweroff": "stops",
    "docker system prune -af": "docker",
    "kubectl delete pod x": "kubectl",
    "terraform destroy": "terraform",
    "apt-get purge nginx": "packages",
    "psql -c 'DROP TABLE users'": "database",
    ":(){ :|:& };:": "fork bomb",
    "rm -rf 'never closed": "cannot be read",
}

HARMLESS = [
    "ls -l", "ls -R", "pwd", "cat a.txt b.txt", "find . -type f -size +100M", "find . -name '*.py' -mtime -7",
    "find . -type f -exec wc -l {} +", "grep -rn 'rm -rf' .", 'echo "rm -rf /"', "echo 'a > full.txt'",
    "echo a \\> full.txt",
    "du -sh * | sort -h", "ps aux | grep python", "git status", "git push", "git push origin main", "git reset HEAD~1",
    "git checkout main", "git switch -c new", "git restore --staged a.py", "git branch -a", "git stash",
    "git stash pop",
    "git log --oneline -5", "git diff > new.patch", "git tag v1", "git commit -am 'rm -rf'", "git clean -n",
    "chmod +x run.sh", "chown me a.txt", "kill 123", "kill -l", "kill -TERM 123", "pgrep -f server", "fuser 8080/tcp",
    "curl https://example.com", "curl -o page.html https://example.com", "curl -s https://api.x | jq .",
    "wget -c https://x/y.iso", "echo x > new.txt", "echo x >> full.txt", "echo x > empty.txt", "ls 2>/dev/null",
    "make > /dev/null 2>&1", "echo x >&2", "echo x | tee -a full.txt", "echo x | tee new.txt", "mv a.txt new.txt",
    "cp full.txt new.txt", "cp -n other.txt full.txt", "cp full.txt sub2/", "mkdir -p a/b", "rmdir empty", "touch a",
    "sed 's/a/b/' x", "sed -n 1,5p x", "perl -ne print x", "dd if=/dev/zero bs=1M count=1", "dd if=a of=/dev/null",
    "tar -czf a.tgz a", "tar -xzf a.tgz", "zip -r a.zip a", "unzip -l a.zip", "rsync -a a/ b/", "crontab -l",
    "systemctl status nginx", "docker ps", "kubectl get pods", "terraform plan", "apt install ripgrep",
    "psql -c 'SELECT 1'", "bash script.sh", "bash -c 'ls -l'", "sudo ls /root", "fdisk -l", "ssh host uptime",
    "awk '{ print $1 > 2 }' x", "test 3 -gt 2", "[[ a < b ]]", "cat <<< hello", "sort < full.txt", "wc -l *.py",
    "ls # rm -rf /", "ln -s a b", "echo $((1 + 2))", "history | tail", "python3 -m http.server",
    "xargs echo < full.txt",
]  # fmt: skip


@pytest.fixture
def directory(tmp_path):
    (tmp_path / "full.txt").write_text("something\n")
    (tmp_path / "other.txt").write_text("other\n")
    (tmp_path / "empty.txt").touch()
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub2").mkdir()
    (tmp_path / "sub" / "full.txt").write_text("x")
    return tmp_path


@pytest.mark.parametrize(("command", "why"), DANGEROUS.items(), ids=DANGEROUS)
def test_destructive_command_is_flagged(directory, command, why):
    assert any(why in reason for reason in dangers(command, directory)), dangers(command, directory)


@pytest.mark.parametrize("command", HARMLESS, ids=HARMLESS)
def test_everyday_command_is_not_flagged(directory, command):
    assert dangers(command, directory) == []
