// SPDX-License-Identifier: Apache-2.0

package database

import "syscall"

// tie has the kernel stop the child (SIGINT: fast shutdown) when its parent dies.
func tie(attributes *syscall.SysProcAttr) { attributes.Pdeathsig = syscall.SIGINT }
