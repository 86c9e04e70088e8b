// SPDX-License-Identifier: Apache-2.0

//go:build !linux

package database

import "syscall"

// tie does nothing where the kernel offers no such bond.
func tie(*syscall.SysProcAttr) {}
