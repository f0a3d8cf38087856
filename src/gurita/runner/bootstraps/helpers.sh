# Helpers for shell scripts: variables in, service messages out. Names and effects: runtime formats, section 4.1.
# Plain POSIX sh with `local`, so that it runs where there is no Bash; must survive `set -eu` in the script.

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
  local level="$1" IFS=' '
  shift
  printf '##octopus[stdout-%s]\n%s\n##octopus[stdout-default]\n' "$level" "$*"
}

_gurita_is_sensitive() {
  [ "${1-}" = "-sensitive" ] || [ "${1-}" = "--sensitive" ]
}

set_octopusvariable() {
  if _gurita_is_sensitive "${3-}"; then
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

set_environmentstate() {
  if _gurita_is_sensitive "${3-}"; then
    _gurita_message set-environmentstate key "${1-}" value "${2-}" type State sensitive True
  else
    _gurita_message set-environmentstate key "${1-}" value "${2-}" type State
  fi
}

set_environmenturl() {
  _gurita_message set-environmentstate key "${1-}" value "${2-}" type Url
}

new_octopustarget() {
  local name= id= inputs= roles= pool= update=False option
  while [ $# -gt 0 ]; do
    option="$1"
    shift
    case "$option" in
      --update-if-existing | --updateIfExisting) update=True && continue ;;
      -n | --name) name="${1-}" ;;
      -t | --targetId | --target-id) id="${1-}" ;;
      --inputs) inputs="${1-}" ;;
      --roles) roles="${1-}" ;;
      --worker-pool) pool="${1-}" ;;
      *)
        printf 'new_octopustarget: unknown option %s\n' "$option" >&2
        return 1
        ;;
    esac
    [ $# -eq 0 ] || shift
  done
  _gurita_message createStepPackageTarget name "$name" targetId "$id" inputs "$inputs" octopusRoles "$roles" \
    octopusDefaultWorkerPoolIdOrName "$pool" updateIfExisting "$update"
}

remove_octopustarget() {
  _gurita_message delete-target machine "${1-}"
}

report_kubernetes_manifest() {
  _gurita_message k8s-manifest-applied manifest "${1-}" ns "${2-}"
}

report_kubernetes_manifest_file() {
  report_kubernetes_manifest "$(cat "${1-}")" "${2-}"
}

# decrypt_variable VALUE IV [KEY]: AES-256-CBC; VALUE in base64, IV and KEY (or $sensitiveVariableKey) in hex.
decrypt_variable() {
  printf '%s' "${1-}" | openssl enc -d -aes-256-cbc -base64 -A -K "${3-${sensitiveVariableKey-}}" -iv "${2-}"
}

# Shell builtins only: it is called at the begin of every action.
log_environment_information() {
  local version="sh"
  [ -z "${BASH_VERSION-}" ] || version="Bash $BASH_VERSION"
  write_verbose "$version as ${USER-${LOGNAME-user ${UID-unknown}}} on ${HOSTNAME-this machine}, process $$, in $PWD"
}
