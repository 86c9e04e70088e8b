// SPDX-License-Identifier: Apache-2.0
import type { Client } from "../api/client";
import type { List, SignedIn, Unit } from "../api/types";
import { useSpeech } from "../i18n/context";
import { useLoad } from "../lib/load";
import { Login } from "../ui/Login";

/** The door: signing in. Whoever was here before finds what they had begun. */
export function SignIn({ client, done, kept }: { client: Client; done: (signedIn: SignedIn, login: string) => void; kept: boolean }) {
  const { t, lang } = useSpeech();
  const units = useLoad(() => client.get<List<Unit>>("/units", { limit: 200 }).then((l) => l.items), [client, lang]);
  return (
    <main id="content" tabIndex={-1} className="narrow">
      <h1>{t("console.title")}</h1>
      {kept && <p className="note">{t("console.ended")}</p>}
      <Login client={client} units={units.data ?? []} done={done} />
    </main>
  );
}
