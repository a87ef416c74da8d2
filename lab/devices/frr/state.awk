# Reads four JSON documents of vtysh, each beginning with a { at the left margin, with one leaf per line: interfaces, groups, sources, counters.
# Writes one state dump. FRR cuts what is left of a timer to whole seconds: in milliseconds it is most likely half a second more.

function value(line) {
  sub(/^[^:]*: */, "", line)
  sub(/,$/, "", line)
  gsub(/"/, "", line)
  return line
}

# hh:mm:ss or mm:ss, or days and weeks as in 1d02h03m; nothing for a timer that does not run.
function seconds(time,    unit, part, count, sum, i) {
  if (time ~ /-/)
    return ""
  if (time ~ /[wdhm]/) {
    sum = 0
    while (match(time, /^[0-9]+[wdhm]/)) {
      unit = substr(time, RLENGTH, 1)
      sum += substr(time, 1, RLENGTH - 1) * (unit == "w" ? 604800 : unit == "d" ? 86400 : unit == "h" ? 3600 : 60)
      time = substr(time, RLENGTH + 1)
    }
    return sum
  }
  count = split(time, part, ":")
  sum = 0
  for (i = 1; i <= count; i++)
    sum = sum * 60 + part[i]
  return sum
}

function leaf(name, text) { return text == "" ? "" : ",\"" name "\":" text }

function quoted(name, text) { return text == "" ? "" : ",\"" name "\":\"" text "\"" }

function timer(name, text,    s) {
  s = seconds(text)
  return s == "" ? "" : ",\"" name "\":" s ",\"multicast-lab:" name "-ms\":" s * 1000 + (name == "expire" ? 500 : 0)
}

# FRR shows no mode of a group with members of version 2: the group timer runs in EXCLUDE mode only.
function remember(    i) {
  if (group == "")
    return
  if (mode == "")
    mode = seconds(expire) == "" ? "INCLUDE" : "EXCLUDE"
  i = ++groups[interface]
  address[interface, i] = group
  text[interface, i] = sprintf("{\"group-address\":\"%s\",\"filter-mode\":\"%s\"%s%s%s", group, \
    tolower(mode), timer("expire", expire), timer("up-time", uptime), leaf("multicast-lab:compatibility-mode", version))
  group = mode = expire = uptime = version = ""
}

/^\{/ { document++; interface = ""; next }
/^}/ { next }

# An interface has no brackets; what it holds is indented further.
/^  "[^"]+":\{$/ {
  interface = $0
  gsub(/^ *"|":\{$/, "", interface)
  if (document == 1)
    names[++interfaces] = interface
  next
}

document == 1 && /^    "/ {
  key = $0
  gsub(/^ *"|":.*$/, "", key)
  of[interface, key] = value($0)
  next
}

document == 2 && /^        "group":/ { group = value($0); next }
document == 2 && /^        "mode":/ { mode = value($0); next }
document == 2 && /^        "timer":/ { expire = value($0); next }
document == 2 && /^        "uptime":/ { uptime = value($0); next }
document == 2 && /^        "version":/ { version = value($0); next }
document == 2 && /^      }/ { remember(); next }

document == 3 && /^      "group":/ { group = value($0); next }
document == 3 && /^          "source":/ { source = value($0); next }
document == 3 && /^          "timer":/ { expire = value($0); next }
document == 3 && /^        }/ {
  # "*" stands for all sources of a group in EXCLUDE mode.
  if (source != "*") {
    running = seconds(expire)
    sources[interface, group] = sources[interface, group] (sources[interface, group] == "" ? "" : ",") \
      sprintf("{\"source-address\":\"%s\",\"expire\":%d,\"multicast-lab:expire-ms\":%d,\"multicast-lab:forward\":%s}", \
        source, running, running == "" ? 0 : running * 1000 + 500, running == "" ? "false" : "true")
  }
  source = expire = ""
  next
}

document == 4 && /^    "/ {
  key = $0
  gsub(/^ *"|":.*$/, "", key)
  counter[key] = value($0)
}

END {
  if (document < 4)
    exit 1
  printf "{\"ietf-igmp-mld:igmp\":{\"interfaces\":{\"interface\":["
  total = 0
  for (n = 1; n <= interfaces; n++) {
    interface = names[n]
    if (of[interface, "querierIp"] == "")
      continue
    isQuerier = of[interface, "querier"] == "local"
    printf "%s{\"interface-name\":\"%s\",\"oper-status\":\"%s\"", (total++ ? "," : ""), interface, of[interface, "state"]
    printf "%s%s%s", quoted("multicast-lab:address", of[interface, "address"]), leaf("version", of[interface, "version"]), quoted("querier", of[interface, "querierIp"])
    printf "%s%s", leaf("query-interval", of[interface, "timerQueryInterval"]), leaf("robustness-variable", of[interface, "timerRobustnessVariable"])
    printf "%s%s", leaf("multicast-lab:query-max-response-time-ms", of[interface, "timerQueryResponseIntervalMsec"]), \
      leaf("multicast-lab:last-member-query-count", of[interface, "lastMemberQueryCount"])
    # FRR reports the Last Member Query Time.
    if (of[interface, "lastMemberQueryCount"] > 0)
      printf "%s", leaf("multicast-lab:last-member-query-interval-ms", int(of[interface, "timerLastMemberQueryMsec"] / of[interface, "lastMemberQueryCount"]))
    startup = of[interface, "timerStartupQueryInterval"]
    printf "%s", leaf("multicast-lab:startup-query-interval-ms", startup == "" ? "" : startup * 1000)
    printf "%s", quoted("multicast-lab:querier-role", (isQuerier ? "querier" : "non-querier"))
    rest = seconds(of[interface, "queryOtherTimer"])
    printf "%s", leaf("multicast-lab:other-querier-present-expires-ms", rest == "" || isQuerier ? "" : rest * 1000 + 500)
    rest = seconds(of[interface, "queryQueryTimer"])
    printf "%s", leaf("multicast-lab:general-query-expires-ms", rest == "" || !isQuerier ? "" : rest * 1000 + 500)
    printf "%s,\"group\":[", leaf("multicast-lab:startup-queries-left", of[interface, "queryStartCount"])
    for (i = 1; i <= groups[interface]; i++)
      printf "%s%s,\"source\":[%s]}", (i > 1 ? "," : ""), text[interface, i], sources[interface, address[interface, i]]
    printf "]}"
  }
  count = 0
  for (n = 1; n <= interfaces; n++)
    count += groups[names[n]]
  printf "]},\"global\":{\"groups-count\":%d,\"statistics\":{\"error\":{},", count
  printf "\"received\":{\"query\":%d,\"report\":%d,\"leave\":%d},", counter["queryV1"] + counter["queryV2"] + counter["queryV3"], \
    counter["reportV1"] + counter["reportV2"] + counter["reportV3"], counter["leaveV2"]
  printf "\"sent\":{\"query\":%d}}}}}\n", counter["generalQueriesSent"] + counter["groupQueriesSent"]
}
