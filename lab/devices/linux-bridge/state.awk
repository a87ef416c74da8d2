# Reads three JSON documents of iproute2, each beginning with a [ at the left margin, with one leaf per line: links, groups, counters of the ports.
# Writes one state dump: each port is an interface of it.

function value(line) {
  sub(/^[^:]*: */, "", line)
  sub(/,$/, "", line)
  gsub(/[" ]/, "", line)
  return line
}

function key(line) {
  sub(/^ *"/, "", line)
  sub(/".*$/, "", line)
  return line
}

function leaf(name, text) { return text == "" ? "" : ",\"" name "\":" text }

function quoted(name, text) { return text == "" ? "" : ",\"" name "\":\"" text "\"" }

function milliseconds(seconds) { return sprintf("%d", seconds * 1000 + 0.5) }

function timer(seconds) { return ",\"expire\":" int(seconds + 0.5) ",\"multicast-lab:expire-ms\":" milliseconds(seconds) }

# The bridge's settings are in hundredths of a second.
function interval(name, setting) { return setting == "" ? "" : leaf("multicast-lab:" name "-ms", setting * 10) }

# An entry of the groups is complete. One with a source says whether that one is forwarded; the one without has the group's filter.
function remember(    i) {
  if (group != "" && group !~ /:/) {
    # One of version 2 has no filter: it forwards all sources.
    if (mode == "")
      mode = "exclude"
    if (source != "")
      forward[port, group, source] = blocked ? "false" : "true"
    else {
      i = ++groups[port]
      address_of[port, i] = group
      mode_of[port, i] = mode
      timer_of[port, i] = running
      sources[port, i] = listed
      for (n = 1; n <= listed; n++) {
        source_of[port, i, n] = list_address[n]
        expire_of[port, i, n] = list_timer[n]
      }
    }
  }
  group = source = mode = running = ""
  listed = blocked = 0
}

/^\[/ { document++; next }

document == 1 && $1 == "\"ifname\":" { link = value($0); next }
document == 1 && $1 == "\"operstate\":" { oper[link] = tolower(value($0)); next }
document == 1 && link == bridge && $1 ~ /^"mcast_/ { setting[key($0)] = value($0); next }

document == 2 && $1 == "\"router\":" { remember(); routers = 1; next }
document == 2 && $1 == "\"port\":" { port = value($0); next }
# The only router ports that are learnt are those where another querier was heard. Or PIM, which cannot be told from it here.
document == 2 && routers && $1 == "\"timer\":" { other_querier[port] = value($0); next }
document == 2 && $1 == "\"index\":" { remember(); next }
document == 2 && $1 == "\"grp\":" { group = value($0); next }
document == 2 && $1 == "\"src\":" { source = value($0); next }
document == 2 && $1 == "\"filter_mode\":" { mode = value($0); next }
document == 2 && $1 == "\"flags\":" { blocked = /"blocked"/; next }
document == 2 && $1 == "\"source_list\":" { in_list = 1; next }
document == 2 && in_list && $1 == "\"address\":" { list_address[++listed] = value($0); next }
document == 2 && in_list && $1 == "\"timer\":" { list_timer[listed] = value($0); next }
document == 2 && in_list && /\]/ { in_list = 0; next }
document == 2 && $1 == "\"timer\":" { running = value($0); next }

document == 3 && /": \{$/ { kind = key($0); next }
document == 3 && kind ~ /^igmp_/ && $1 ~ /^"[rt]x/ { count[kind, substr(key($0), 1, 2)] += value($0); next }

END {
  if (document < 3 || setting["mcast_query_intvl"] == "")
    exit 1
  total = split(interfaces, name, " ")
  printf "{\"ietf-igmp-mld:igmp\":{\"interfaces\":{\"interface\":["
  other = ""
  for (n = 1; n <= total; n++)
    if (other_querier[name[n]] != "")
      other = other_querier[name[n]]
  members = 0
  for (n = 1; n <= total; n++) {
    port = name[n]
    printf "%s{\"interface-name\":\"%s\",\"oper-status\":\"%s\"", (n > 1 ? "," : ""), port, oper[port]
    printf "%s%s", leaf("version", setting["mcast_igmp_version"]), leaf("robustness-variable", 2)
    printf "%s", quoted("multicast-lab:address", address)
    # Which address the other querier has, iproute2 does not say.
    printf "%s%s", quoted("multicast-lab:querier-role", (other == "" ? "querier" : "non-querier")), quoted("querier", other == "" ? address : "")
    printf "%s", other == "" ? "" : leaf("multicast-lab:other-querier-present-expires-ms", milliseconds(other))
    printf "%s%s", leaf("query-interval", int(setting["mcast_query_intvl"] / 100)), interval("query-interval", setting["mcast_query_intvl"])
    printf "%s", interval("query-max-response-time", setting["mcast_query_response_intvl"])
    printf "%s", interval("last-member-query-interval", setting["mcast_last_member_intvl"])
    printf "%s", leaf("multicast-lab:last-member-query-count", setting["mcast_last_member_cnt"])
    printf "%s", interval("startup-query-interval", setting["mcast_startup_query_intvl"])
    printf "%s,\"group\":[", leaf("multicast-lab:startup-query-count", setting["mcast_startup_query_cnt"])
    for (i = 1; i <= groups[port]; i++) {
      group = address_of[port, i]
      printf "%s{\"group-address\":\"%s\",\"filter-mode\":\"%s\"%s,\"source\":[", (i > 1 ? "," : ""), group, mode_of[port, i], timer(timer_of[port, i])
      for (s = 1; s <= sources[port, i]; s++) {
        source = source_of[port, i, s]
        printf "%s{\"source-address\":\"%s\"%s%s}", (s > 1 ? "," : ""), source, timer(expire_of[port, i, s]), \
          leaf("multicast-lab:forward", forward[port, group, source])
      }
      printf "]}"
    }
    printf "]}"
    members += groups[port]
  }
  printf "]},\"global\":{\"groups-count\":%d,\"statistics\":{\"error\":{},", members
  printf "\"received\":{\"query\":%d,\"report\":%d,\"leave\":%d},", count["igmp_queries", "rx"], count["igmp_reports", "rx"], count["igmp_leaves", "rx"]
  printf "\"sent\":{\"query\":%d}}}}}\n", count["igmp_queries", "tx"]
}
