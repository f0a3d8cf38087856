# Helpers for Bash scripts: variables in, service messages out. Names and effects: runtime formats, section 4.1.
# Runs with Bash 3.2 and later; must survive `set -eu` in the script.

encode_servicemessagevalue() {
  printf '%s' "${1-}" | base64 | tr -d '\r\n'
}

decode_servicemessagevalue() {
  if printf '' | base64 -d >/dev/null 2>&1; then printf '%s' "${1-}" | base64 -d; else printf '%s' "${1-}" | base64 -D; fi
}

# _gurita_message NAME [KEY VALUE]...
_gurita_message() {
  local line="##octopus[$1"
  shift
  while [ $# -ge 2 ]; do
    line="$line $1='$(encode_servicemessagevalue "$2")'"
    shift 2
  done
  printf '%s]\n' "$line"
}

_gurita_level() {
  printf '##octopus[stdout-%s]\n%s\n##octopus[stdout-default]\n' "$1" "${2-}"
}

set_octopusvariable() {
  if [ "${3-}" = "-sensitive" ] || [ "${3-}" = "--sensitive" ]; then
    _gurita_message setVariable name "${1-}" value "${2-}" sensitive True
  else
    _gurita_message setVariable name "${1-}" value "${2-}"
  fi
}

new_octopusartifact() {
  local path="${1-}" name="${2-}" length
  case "$path" in /*) ;; *) path="$PWD/$path" ;; esac
  [ -n "$name" ] || name="${path##*/}"
  length=$(wc -c <"$path" 2>/dev/null | tr -d ' ') || length=0
  write_verbose "Artifact $name will be collected from $path after this step completes"
  _gurita_message createArtifact path "$path" name "$name" length "${length:-0}"
}

update_progress() {
  _gurita_message progress percentage "${1-}" message "${2-}"
}

fail_step() {
  [ -z "${1-}" ] || _gurita_message resultMessage message "$1"
  exit 1
}

write_verbose() { _gurita_level verbose "$@"; }
write_highlight() { _gurita_level highlight "$@"; }
write_wait() { _gurita_level wait "$@"; }
write_warning() { _gurita_level warning "$@"; }
write_error() { _gurita_level error "$@"; }

set_environmentstate() {
  if [ "${3-}" = "-sensitive" ]; then
    _gurita_message set-environmentstate key "${1-}" value "${2-}" type State sensitive True
  else
    _gurita_message set-environmentstate key "${1-}" value "${2-}" type State
  fi
}

set_environmenturl() {
  _gurita_message set-environmentstate key "${1-}" value "${2-}" type Url
}

remove-octopustarget() {
  _gurita_message delete-target machine "${1-}"
}

new_octopustarget() {
  local name= id= inputs= roles= pool= update=False
  while [ $# -gt 0 ]; do
    case "$1" in
      -n | --name) name="${2-}" && shift ;;
      -t | --target-id) id="${2-}" && shift ;;
      --inputs) inputs="${2-}" && shift ;;
      --roles) roles="${2-}" && shift ;;
      --worker-pool) pool="${2-}" && shift ;;
      --update-if-existing) update=True ;;
    esac
    shift
  done
  _gurita_message createStepPackageTarget name "$name" targetId "$id" inputs "$inputs" octopusRoles "$roles" \
    octopusDefaultWorkerPoolIdOrName "$pool" updateIfExisting "$update"
}

report_kubernetes_manifest() {
  _gurita_message k8s-manifest-applied manifest "${1-}" ns "${2-}"
}

report_kubernetes_manifest_file() {
  report_kubernetes_manifest "$(cat "${1-}")" "${2-}"
}

log_environment_information() {
  write_verbose "Bash $BASH_VERSION, user $(id -un 2>/dev/null), directory $PWD, host $(hostname 2>/dev/null)"
}
