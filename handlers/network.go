// SPDX-License-Identifier: Apache-2.0

package handlers

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// proxies are those whose word about who called them is believed.
type proxies []netip.Prefix

// parseProxies reads addresses and ranges.
func parseProxies(list []string) (proxies, error) {
	var all proxies
	for _, text := range list {
		if addr, err := netip.ParseAddr(text); err == nil {
			all = append(all, netip.PrefixFrom(addr, addr.BitLen()))
			continue
		}
		many, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, fmt.Errorf("handlers: trusted proxies: %w", err)
		}
		all = append(all, many)
	}
	return all, nil
}

func (p proxies) trust(addr netip.Addr) bool {
	for _, many := range p {
		if many.Contains(addr) {
			return true
		}
	}
	return false
}

// caller is the address that a request came from.
func (p proxies) caller(f *fiber.Ctx) netip.Addr {
	peer, _ := netip.AddrFromSlice(f.Context().RemoteIP())
	if peer = peer.Unmap(); !p.trust(peer) {
		return peer
	}
	var forwarded []string
	for _, line := range f.Request().Header.PeekAll(fiber.HeaderXForwardedFor) {
		forwarded = append(forwarded, string(line))
	}
	return p.behind(peer, strings.Join(forwarded, ","))
}

// behind reads who stood behind a proxy. Each proxy adds at the end who called it, and
// anything may have stood there before: the last who is no proxy of ours is the caller.
func (p proxies) behind(peer netip.Addr, forwarded string) netip.Addr {
	for forwarded != "" && p.trust(peer) {
		comma := strings.LastIndexByte(forwarded, ',')
		addr, err := netip.ParseAddr(strings.TrimSpace(forwarded[comma+1:]))
		if err != nil {
			break
		}
		peer, forwarded = addr.Unmap().WithZone(""), forwarded[:max(comma, 0)]
	}
	return peer
}

// networkOf is what one subscriber can choose addresses from: an IPv4 address, and as much
// of an IPv6 one as is given to a house or a company.
func networkOf(addr netip.Addr) string {
	if addr.Is6() {
		if many, err := addr.Prefix(48); err == nil {
			return many.String()
		}
	}
	return addr.String()
}
