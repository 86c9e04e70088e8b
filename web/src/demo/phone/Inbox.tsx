// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef } from "react";
import type { Loaded } from "../../lib/load";
import type { Notification } from "../../api/types";
import { useSpeech } from "../../i18n/context";
import { formatTime } from "../../lib/format";
import { Loading, Trouble } from "../../ui/Trouble";
import { usePhone } from "./context";

/** Messages as they come to a phone. Each is marked as new until this screen was looked at. */
export function Inbox({ messages }: { messages: Loaded<Notification[]> }) {
  const { t, lang } = useSpeech();
  const { client, refreshUnread } = usePhone();
  const fresh = useRef(new Set<string>());
  const unread = (messages.data ?? []).filter((m) => !m.read_at).map((m) => m.id);
  for (const id of unread) fresh.current.add(id);
  const ids = unread.join(" ");
  useEffect(() => {
    if (ids === "") return;
    client.post("/me/notifications/read", { ids: ids.split(" ") }).then(refreshUnread, () => undefined);
  }, [client, ids, refreshUnread]);
  return (
    <>
      <h1>{t("inbox.title")}</h1>
      <Trouble error={messages.error} retry={messages.reload} />
      {!messages.data && !messages.error && <Loading />}
      {messages.data?.length === 0 && <p className="empty">{t("inbox.empty")}</p>}
      <ul className="messages" aria-live="polite">
        {messages.data?.map((m) => (
          <li key={m.id} className={fresh.current.has(m.id) ? "message message-new" : "message"}>
            <p>
              <strong>{m.title}</strong>
              {fresh.current.has(m.id) && <span className="mark">{t("inbox.new")}</span>}
            </p>
            <p className="prose">{m.body}</p>
            <p className="row">
              <time className="quiet" dateTime={m.at}>
                {formatTime(m.at, lang)}
              </time>
              {m.report_id && (
                <a href={`#/report/${encodeURIComponent(m.report_id)}`} aria-label={`${t("inbox.open")}: ${m.title}`}>
                  {t("inbox.open")}
                </a>
              )}
            </p>
          </li>
        ))}
      </ul>
    </>
  );
}
