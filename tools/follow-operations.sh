#!/usr/bin/env bash
# Follows docs/operations.md on a fresh Debian, command by command as they stand there, and prints a transcript.
#   sudo tools/follow-operations.sh FOLDER > docs/operations/transcript.txt
# FOLDER gets a system by debootstrap, or holds one already, and can be removed afterwards. A chroot has no systemd: the units
# are carried out as their files say, by the function `systemctl` below. The stand-in portal takes the place of a Bitrix24.
# Takes the ports 80, 443, 3000, 3024 and 5432 of this machine while it runs.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:?say in which folder the system is made}
system=$folder/debian
for port in 80 443 3000 3024 5432; do
  if (: < "/dev/tcp/127.0.0.1/$port") 2> /dev/null; then echo "Port $port is taken." >&2; exit 1; fi
done

how="made for this by debootstrap"
if [ -x "$system/usr/bin/apt-get" ]; then
  how="of an earlier run, with its packages and without all else"
else
  debootstrap --variant=minbase --include=ca-certificates trixie "$system" http://deb.debian.org/debian >&2
fi
mounted=()
cleanup() {
  [ ! -e "$system/run/pids" ] || chroot "$system" bash -c 'cat /run/pids | xargs -r kill' 2> /dev/null || true
  chroot "$system" bash -c 'pg_ctlcluster 17 main stop; nginx -s stop' > /dev/null 2>&1 || true
  for point in "${mounted[@]}"; do umount -l "$point"; done
}
trap cleanup EXIT
for point in proc dev; do mount --bind "/$point" "$system/$point" && mounted+=("$system/$point"); done
cp /etc/resolv.conf "$system/etc/resolv.conf"
# This machine's own authorities, such as those of a proxy that it stands behind.
cp /etc/ssl/certs/ca-certificates.crt "$system/etc/ssl/certs/ca-certificates.crt"
rm -rf "$system/repository.git" "$system/run/pids"
git -C "$here" -c safe.directory='*' clone --quiet --bare "$here" "$system/repository.git"

if [ -e "$system/srv/registration" ]; then
  rm -rf "$system/srv/registration" "$system/srv/portal" "$system"/var/backups/registration "$system"/etc/systemd/system/registration-* "$system"/var/log/registration-*
  rm -f "$system/etc/registration.env" "$system"/etc/nginx/sites-*/registration
  chroot "$system" bash -c 'pg_dropcluster --stop 17 main; pg_createcluster 17 main; deluser --quiet registration' > /dev/null
fi

# The commands of a section's blocks, each on a line of its own.
commands() { awk -v section="## $1" '/^## /{on=($0==section)} on && /^```/{code=($0=="```sh"); next} on && code' "$here/docs/operations.md"; }
# nginx's block of docs/proxies.md.
awk '/^```nginx/{on=1; next} /^```/{if (on) exit} on' "$here/docs/proxies.md" > "$system/run/nginx-block"
commands "Fifteen commands" > "$system/run/install"
commands "Upgrade, and the way back" > "$system/run/upgrade"
commands "From the embedded database to one of your own" > "$system/run/move"

cat > "$system/run/follow" <<'INSIDE'
export DEBIAN_FRONTEND=noninteractive REPOSITORY=/repository.git NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt
# The certificate below is this transcript's own.
export CURL_CA_BUNDLE=/etc/letsencrypt/live/register.example.com/fullchain.pem
password="a password of the transcript"

note() { printf '\n# %s\n' "$*"; }
unit() { sed -n "s/^$2=//p" "/etc/systemd/system/$1.service"; }
declare -A pids
# What systemd does with these units: the account, the folder, the variables and the command of the file.
start_unit() {
  local type; type=$(unit "$1" Type)
  local command=(runuser -u "$(unit "$1" User)" -- env $(unit "$1" Environment) sh -c "cd $(unit "$1" WorkingDirectory) && exec $(unit "$1" ExecStart | sed 's/%%/%/g')")
  if [ "$type" = oneshot ]; then "${command[@]}"; return; fi
  setsid "${command[@]}" >> "/var/log/$1.log" 2>&1 < /dev/null &
  pids[$1]=$!
  echo $! >> /run/pids
}
stop_unit() {
  [ -n "${pids[$1]:-}" ] || return 0
  kill -TERM "${pids[$1]}" || true
  wait "${pids[$1]}" || true
  unset "pids[$1]"
}
systemctl() {
  local verb=$1 name; shift
  for name in "$@"; do
    case $verb:$name in
      *:--now | *.timer) ;;
      enable:* | start:*) start_unit "$name" ;;
      stop:*) stop_unit "$name" ;;
      restart:*) stop_unit "$name"; start_unit "$name" ;;
    esac
  done
}
# The person at the terminal: the lines marked "change".
editor() { sed -i 's|^BITRIX24_WEBHOOK_URL=.*|BITRIX24_WEBHOOK_URL=http://127.0.0.1:3024/rest/1/key-of-the-transcript/|' "$1"; }
# apt and npm say much that changes with each run.
shorten() { sed 's/\x1b\[[0-9;]*m//g; s/.*\r\(.\)/\1/' | awk '{line[NR]=$0} END {for (i=1; i<=NR; i++) if (NR<=14 || i<=2 || i>NR-9) print line[i]; else if (i==3) print "  …"}'; }
follow() {
  printf '\n$ %s\n' "$1"
  local output; output=$(mktemp)
  # In this shell, so that a change of folder holds for the next line.
  if eval "$1" > "$output" 2>&1 < <(printf '%s\n%s\n' "$password" "$password"); then shorten < "$output"
  else local code=$?; tail -n 60 "$output"; echo "failed with $code"; exit 1; fi
}
until_ready() { for _ in $(seq 120); do curl -fs http://127.0.0.1:3000/readyz > /dev/null && return; sleep 0.5; done; tail -n 20 /var/log/registration-*.log; exit 1; }

proxy() {
  note "The proxy, with a certificate of one's own"
  echo "127.0.0.1 register.example.com" >> /etc/hosts
  mkdir -p /etc/letsencrypt/live/register.example.com
  (cd /etc/letsencrypt/live/register.example.com && openssl req -x509 -newkey rsa:2048 -nodes -days 7 -subj /CN=register.example.com -addext subjectAltName=DNS:register.example.com -keyout privkey.pem -out fullchain.pem 2> /dev/null)
  follow "cp /run/nginx-block /etc/nginx/sites-available/registration"
  follow "ln -sf ../sites-available/registration /etc/nginx/sites-enabled/registration"
  follow "nginx"
}

echo "Debian $(cat /etc/debian_version), $(uname -m), $SYSTEM. Followed by tools/follow-operations.sh."
note "Fifteen commands"
first=yes
while IFS= read -r line; do
  case $line in curl*) until_ready; proxy ;; esac
  follow "$line"
  if [ "$first" ]; then
    first=
    note "A chroot starts no services; a rented server has PostgreSQL running now."
    follow "pg_ctlcluster 17 main start"
  fi
  case $line in
    *"npm run build"*)
      note "The stand-in portal, in place of a Bitrix24, from a folder of its own: the site's has no tools any more."
      git clone --quiet "$REPOSITORY" /srv/portal && (cd /srv/portal && npm ci --include=dev > /dev/null 2>&1)
      (cd /srv/portal && exec npm run --silent portal -- --secret key-of-the-transcript > /var/log/portal.log 2>&1 < /dev/null) &
      echo $! >> /run/pids
      for _ in $(seq 60); do curl -fs http://127.0.0.1:3024/ > /dev/null && break; sleep 0.5; done ;;
  esac
done < /run/install

note "A visitor registers, and the worker brings the registration to the portal"
# A browser's part: `visit EMAIL PHONE` fills in the form, `resume` signs the administrator in and presses
# the queue's button, `answer` says that this database replaces the earlier one.
browse() { NODE_EXTRA_CA_CERTS=$CURL_CA_BUNDLE node --input-type=module - "$@" "$password" <<'BROWSER'
const [task, email, phone, password] = process.argv.slice(2);
const site = "https://register.example.com";
const attribute = (tag, name) => new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1];
let cookie = "";
/** Opens a page, fills in its form and sends it, with what the page itself puts there. */
async function send(path, answers) {
  const form = new URLSearchParams();
  const page = await (await fetch(site + path, { headers: { cookie } })).text();
  for (const [tag] of page.matchAll(/<input\b[^>]*>/g)) form.set(attribute(tag, "name") ?? "", attribute(tag, "value") ?? "");
  for (const [name, value] of Object.entries(answers)) form.set(name, value);
  const answer = await fetch(site + path, { method: "POST", body: form, redirect: "manual", headers: { cookie, origin: site } });
  cookie = [cookie, ...answer.headers.getSetCookie().map((each) => each.split(";")[0])].filter(Boolean).join("; ");
  console.log(path, answer.status, answer.headers.get("location") ?? "");
  if (answer.status >= 400) process.exit(1);
}
if (task === "visit") await send("/register", { firstName: "Visitor", email, phone, password, consent: "on" });
else {
  await send("/login", { email, password });
  if (task === "resume") await send("/admin/crm", { intent: "resume" });
  else await send("/admin/portal", { answer: "restored" });
}
BROWSER
}
visit() { browse visit "$1" "$2"; }
resume() { browse resume you@example.com ""; }
answer() { browse answer you@example.com ""; }
people() { runuser -u postgres -- psql -At -F ' ' -c 'select email, "crmState" from "User" order by id' registration; }
follow "visit anna@example.com +79991234501"
for _ in $(seq 60); do people | grep -q "anna.*SYNCED" && break; sleep 0.5; done
follow people

note "Upgrade, and the way back"
while IFS= read -r line; do
  # The newest backup by its whole path, as the person would name it; there is none yet before that command. Names are times.
  BACKUP=$(find /var/backups/registration -name "*.backup" | sort | tail -n 1)
  follow "$line"
  case $line in "systemctl restart"*) until_ready; follow "curl -fsS https://register.example.com/readyz"; echo; follow "visit boris@example.com +79991234502" ;; esac
done < /run/upgrade
until_ready
follow "curl -fsS https://register.example.com/readyz"
echo
note "Of the backup: Boris came after it"
follow people

note "A site that is tried out on its embedded database, with nothing of the above: the portal is empty again, too"
follow "systemctl stop registration-web registration-worker"
follow "runuser -u postgres -- dropdb registration && runuser -u postgres -- dropuser registration"
follow 'sed -i "s|^DATABASE_URL=|# DATABASE_URL=|; \$aDATA_DIR=/srv/registration/data" /etc/registration.env'
follow "install -d -o registration -m 700 /srv/registration/data"
follow "cd /srv/registration/current && npm ci --omit=dev && du -sh node_modules"
start_trial() {
  setsid runuser -u registration -- env ENV_FILE=/etc/registration.env NODE_ENV=production npm start >> /var/log/registration-trial.log 2>&1 < /dev/null &
  pids[trial]=$!
  echo $! >> /run/pids
  until_ready
}
stop_trial() { kill -TERM -- "-${pids[trial]}"; wait "${pids[trial]}" || true; unset "pids[trial]"; }
# The embedded database, by the port and the password that the site made for itself.
people_of_the_trial() {
  local home=/srv/registration/data/postgres
  psql -At -F ' ' -c 'select email, "crmState" from "User" order by id' "postgres://app:$(cat $home/password)@127.0.0.1:$(cat $home/port)/registration"
}
portal() { curl -fsS -o /dev/null -X "$1" -H "Content-Type: application/json" ${3:+-d "$3"} "http://127.0.0.1:3024/control/$2"; }
deals() { curl -fsS "http://127.0.0.1:3024/control/state" | node -e 'const { contacts, deals } = JSON.parse(require("fs").readFileSync(0));
for (const deal of deals) {
  const contact = contacts.find(({ id }) => id === deal.contactId);
  console.log(`deal ${deal.id} of contact ${deal.contactId}:`, contact?.fm.map(({ value }) => value).join(", "));
}'; }
portal POST reset
follow start_trial
follow "runuser -u registration -- env ENV_FILE=/etc/registration.env NODE_ENV=production npm run admin -- create you@example.com"
follow "visit vera@example.com +79991234503"
for _ in $(seq 120); do people_of_the_trial | grep -q "vera.*SYNCED" && break; sleep 0.5; done
note "The portal goes away, and a person registers meanwhile."
portal POST fault '{"kind":"502"}'
follow "visit gleb@example.com +79991234504"
follow people_of_the_trial
follow stop_trial
portal DELETE fault

note "From the embedded database to one of your own"
while IFS= read -r line; do follow "$line"; done < /run/move
until_ready
follow "curl -fsS https://register.example.com/readyz"
echo
follow people
follow resume
# The question comes before the queue goes on. Jobs are not in a backup: the worker makes them anew within some minutes.
for _ in $(seq 60); do runuser -u postgres -- psql -At -c 'select 1 from "Installation" where "questionAt" is not null' registration 2> /dev/null | grep -q 1 && break; sleep 0.5; done
follow answer
for _ in $(seq 900); do people | grep -q "gleb.*SYNCED" && break; sleep 0.5; done
follow people
note "On the portal: one deal each"
follow deals
INSIDE
chroot "$system" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 TERM=dumb SYSTEM="$how" bash /run/follow
