# Whose each port of the bridge is. Reads, as lines, what libcni keeps of each attachment (its cache, kind cniCacheV1), and as
# values: $links, the ports as `ip -j link` shows them; $attachments, those of the network; $namespace, that of its pods;
# $group and $vxlan, as the packet filter knows the ports; $table. Prints a line for each port, `bound PORT`, `refused PORT REASON`
# or `waiting PORT`, and then, behind the line `rules`, what a port may say of itself, as nft takes it.

def own: $attachments[0];

def unhex: ascii_downcase | reduce explode[] as $digit (0; . * 16 + (if $digit >= 97 then $digit - 87 else $digit - 48 end));
def digits: "0123456789abcdef"[.:. + 1];
def hex: (. / 16 | floor | digits) + (. % 16 | digits);

# An address as so many hexadecimal digits as its family has; null for what is none.
def expand:
  if test("^[0-9]+([.][0-9]+){3}$") then split(".") | map(tonumber | hex) | join("")
  elif test("^[0-9a-f:]*:[0-9a-f:]*$") then
    (split("::") | map(split(":") | map(select(. != "")))) as $parts
    | ($parts[0] // []) as $head | ($parts[1] // []) as $tail
    | $head + [range(8 - ($head | length) - ($tail | length)) | "0"] + $tail
    | map("000" + . | .[length - 4:]) | join("")
  else null end;

def is_in($cidr):
  ($cidr | split("/")) as [$network, $length]
  | ($network | expand) as $wanted | ($length | tonumber) as $bits | ($bits / 4 | floor) as $whole
  | length == ($wanted | length) and .[:$whole] == $wanted[:$whole]
    and ($bits % 4 == 0 or ([., $wanted] | map(.[$whole:$whole + 1] | unhex / pow(2; 4 - $bits % 4) | floor) | .[0] == .[1]));

# The address that the kernel makes from a MAC address (RFC 4291, appendix A).
def link_local:
  split(":") as [$a, $b, $c, $d, $e, $f]
  | ($a | unhex | if . / 2 % 2 | floor == 1 then . - 2 else . + 2 end | hex) as $first
  | "fe80::\($first)\($b):\($c)ff:fe\($d):\($e)\($f)";

def is_mac: type == "string" and test("^[0-9a-f]{2}(:[0-9a-f]{2}){5}$");

# An attachment, as far as it matters.
def attachment:
  .ifName as $interface
  | (.cniArgs // [] | map({ (.[0]): .[1] }) | add // {}) as $args
  | {
      network: .networkName,
      namespace: $args.K8S_POD_NAMESPACE,
      pod: "\($args.K8S_POD_NAMESPACE)/\($args.K8S_POD_NAME)",
      ports: [.result.interfaces[]? | select((.sandbox // "") == "") | { name, mac: (.mac // "" | ascii_downcase) }],
      mac: ([.result.interfaces[]? | select(.name == $interface and (.sandbox // "") != "") | .mac] | first // null),
      addresses: [.result.ips[]?.address | split("/")[0] | { text: ., digits: (ascii_downcase | expand) }],
      # Keys of JSON have no case for the plugins. A configuration is a list of plugins, or one of them alone.
      chosen: (.config | @base64d | fromjson | any(., .plugins[]? | .args?.cni? // {} | keys[]; ascii_downcase == "mac"))
    };

# The port with what it may be, or with the reason why it is closed.
def bind_router($port; $before):
  . as $attachment
  | (own.routers[] | select(.network == $attachment.network)) as $router
  | if .namespace != $namespace then { refused: "only pods of \($namespace) can be the router, by the attachment \(.network)" }
    elif any($before[]; .network == $attachment.network) then { refused: "another pod is the router of the attachment \(.network) already" }
    else { router: true, mac: $router.mac, addresses: ($router.addresses + own.gateways | unique | map({ text: ., digits: expand })) } end;

def bind_client($port; $before):
  .mac as $mac
  | ([.addresses[] | select(.digits == null or ([.digits | is_in(own.subnets[])] | any | not))] | first // null) as $foreign
  | (own.routers | map(.addresses[]) + own.gateways | map(expand)) as $routers
  | ([.addresses[] | select(.digits as $digits | any($routers[]; . == $digits))] | first // null) as $taken
  | ([.addresses[] | select(.digits as $digits | any($before[].addresses[].digits; . == $digits))] | first // null) as $double
  | if .chosen then { refused: "it asks for a MAC address by cni-args" }
    elif $mac | is_mac | not then { refused: "its MAC address is not known" }
    elif any(own.routers[]; .mac == $mac) then { refused: "it has the MAC address of a router, \($mac)" }
    elif any($before[]; .mac == $mac) then { refused: "it has the MAC address of another pod, \($mac)" }
    elif .addresses == [] then { refused: "it was given no address" }
    elif $foreign then { refused: "its address \($foreign.text) is outside \(own.subnets | join(" and "))" }
    elif $taken then { refused: "its address \($taken.text) is that of a router" }
    elif $double then { refused: "its address \($double.text) is that of another pod" }
    else { router: false, mac: $mac, addresses: .addresses } end;

# An attachment of the user's own: its addresses are none that the network gives to others.
def bind_other($port; $before):
  .network as $network
  | (own.fixed | map(expand)) as $fixed
  | ([.addresses[] | select(.digits as $digits
      | any($fixed[]; . == $digits)
        or any(own.pool[]; map(expand) as [$first, $last]
          | ($digits | length) == ($first | length) and $digits >= $first and $digits <= $last))]
    | first // null) as $given
  | if $given then { refused: "its address \($given.text) is given by the network, and the attachment \($network) is none of it" }
    else bind_client($port; $before) end;

def bind($port; $before):
  .network as $network
  | if any(own.routers[]; .network == $network) then bind_router($port; $before)
    elif any(own.clients[]; . == $network) then bind_client($port; $before)
    else bind_other($port; $before) end;

# The port and what is bound to it as elements of a set, and a rule that drops all others.
def elements(f): "{ " + ([.[] | .port as $port | f | "\"\($port)\" . \(.)"] | unique | join(", ")) + " }";
def is_IPv4: length == 8;
def drop($reason): "counter drop comment \"\($reason)\"";

def targets: (.mac | link_local | expand | "0x\(.)"), (.addresses[].digits | select(is_IPv4 | not) | "0x\(.)");

def rules:
  map(select(.router | not)) as $clients
  | map(select(.router)) as $routers
  | ($clients | map("\"\(.port)\"") | if . == [] then "" else "iifname { \(join(", ")) } " end) as $fromClient
  | [
      "iifname . ether saddr != \(elements(.mac)) \(drop("spoofed-mac"))",
      "ether type arp arp htype != 1 \(drop("arp-hardware-type"))",
      "ether type arp iifname . arp saddr ether != \(elements(.mac)) \(drop("spoofed-arp-mac"))",
      # None at all is that of who asks whether an address is free (RFC 5227).
      "ether type arp iifname . arp saddr ip != \(elements("0.0.0.0", (.addresses[] | select(.digits | is_IPv4).text))) \(drop("spoofed-arp-address"))",
      if $clients == [] then empty else
        ($clients | if any(.[].addresses[].digits; is_IPv4) then
          "\($fromClient)iifname . ip saddr != \(elements(.addresses[] | select(.digits | is_IPv4).text)) \(drop("spoofed-source"))"
        else empty end),
        ($clients | "\($fromClient)iifname . ip6 saddr != \(elements("::", (.mac | link_local), (.addresses[] | select(.digits | is_IPv4 | not).text))) \(drop("spoofed-source"))"),
        "\($fromClient)icmpv6 type { nd-router-advert, nd-redirect } \(drop("router-advertisement"))"
      end,
      # As the kernel sends them: with nothing before, and one option of eight bytes at most (RFC 4861, RFC 7527).
      "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } ip6 nexthdr != icmpv6 \(drop("malformed-nd"))",
      "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } ip6 length != { 24, 32 } \(drop("malformed-nd"))",
      # The target address, behind the first 8 bytes, and a link-layer address in the option behind that.
      # A router may have made a link-local address before it got its MAC address.
      ($routers | if . == [] then empty else "iifname { \(map("\"\(.port)\"") | join(", ")) } icmpv6 type nd-neighbor-advert @th,64,16 != 0xfe80 iifname . @th,64,128 != \(elements(targets)) \(drop("spoofed-nd-address"))" end),
      ($clients | if . == [] then empty else "\($fromClient)icmpv6 type nd-neighbor-advert iifname . @th,64,128 != \(elements(targets)) \(drop("spoofed-nd-address"))" end),
      "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } @th,192,8 { 1, 2 } iifname . @th,208,48 != \(elements(.mac | gsub(":"; "") | "0x\(.)")) \(drop("spoofed-nd-mac"))"
    ];

def text:
  (if . == [] then [drop("from-unknown-port")] else rules end) as $rules
  | (if $vxlan == "" then "" else "iifname != \"\($vxlan)\" " end) as $pods
  | "add table bridge \($table)\ndelete table bridge \($table)\ntable bridge \($table) {\n\tchain given {\n"
    + ($rules | map("\t\t\(.)\n") | join(""))
    + "\t}\n\tchain prerouting {\n\t\ttype filter hook prerouting priority filter - 5; policy accept;\n"
    + "\t\t\($pods)iifgroup \($group) jump given comment \"from a pod\"\n\t}\n}";

[inputs | try (fromjson | attachment) catch empty] as $attachments
| [$links | flatten[] | select(.ifname and .ifname != $vxlan)] | sort_by(.ifindex)
| reduce .[] as { ifname: $port, $address } ({ bound: [], lines: [] };
    .bound as $before
    | [$attachments[] | select(any(.ports[]; .name == $port))] as $named
    # A file may outlive its pod, and the port's name come again. The MAC address of the node's end is another then.
    | ($named | map(select(any(.ports[]; .name == $port and .mac == $address))) | last) as $exact
    | ($exact // ($named | last)) as $attachment
    | if $port | test("^[A-Za-z0-9._-]+$") | not then .lines += ["refused \($port | gsub("[^A-Za-z0-9._-]"; "?")) its name cannot be told"]
      elif $attachment == null then .lines += ["waiting \($port)"]
      else
        ($attachment | bind($port; $before)) as $bound
        | if $bound.refused then .lines += ["refused \($port) \($attachment.pod): \($bound.refused)"]
          else .lines += ["bound \($port)"] | .bound += [$bound + { port: $port, network: $attachment.network }] end
      end)
| (.lines | sort[]), "rules", (.bound | text)
