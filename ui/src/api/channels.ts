/** The email channel: how it is set up, the domains that it sends from, a test mail. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call, get } from "./client";
import type { components } from "./schema";
import type { FormField, Json } from "./types";

type Schemas = components["schemas"];
export type ChannelProvider = Omit<Schemas["ChannelProvider"], "fields"> & { fields: FormField[] };
export type EmailChannel = Omit<
  Schemas["EmailChannel"],
  "fields" | "settings" | "provider_settings" | "providers" | "secrets_set"
> & {
  fields: FormField[];
  settings: Record<string, Json>;
  provider_settings: Record<string, Json>;
  providers: ChannelProvider[];
  secrets_set: string[];
};
export interface EmailChannelChange {
  settings?: Record<string, Json>;
  provider?: string;
  provider_settings?: Record<string, Json>;
}
export type TestMailResult = Schemas["TestMailResult"];
export type SendingDomain = Schemas["SendingDomain"];
export type DomainCheck = Schemas["DomainCheck"];

const KEY = ["channels", "email"] as const;
const DOMAINS = [...KEY, "domains"] as const;

export const useEmailChannel = () =>
  useQuery({ queryKey: [...KEY, "settings"], queryFn: () => get<EmailChannel>("/channels/email") });

export const revealChannelSecret = (name: string) =>
  get<{ value: string }>(`/channels/email/settings/${encodeURIComponent(name)}/reveal`);

export function useChangeEmailChannel() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: EmailChannelChange) => call<EmailChannel>("PATCH", "/channels/email", change),
    onSuccess: (saved) => client.setQueryData([...KEY, "settings"], saved),
  });
}

export const useTestMail = () =>
  useMutation({ mutationFn: (to: string) => call<TestMailResult>("POST", "/channels/email/test", { to }) });

export const useSendingDomains = () =>
  useQuery({ queryKey: DOMAINS, queryFn: () => get<SendingDomain[]>("/channels/email/domains") });

/** Something done to a sending domain, after which they are all read again. */
function useDomainAct<Input, Output>(act: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: act, onSuccess: () => client.invalidateQueries({ queryKey: DOMAINS }) });
}

const place = (domain: string, act = "") => `/channels/email/domains/${encodeURIComponent(domain)}${act}`;

export const useAddSendingDomain = () =>
  useDomainAct((domain: string) => call<SendingDomain>("POST", "/channels/email/domains", { domain }));
export const useRemoveSendingDomain = () => useDomainAct((domain: string) => call<void>("DELETE", place(domain)));
export const useRotateSendingDomain = () =>
  useDomainAct((domain: string) => call<SendingDomain>("POST", place(domain, "/rotate")));
export const useCheckSendingDomain = () =>
  useDomainAct((domain: string) => call<SendingDomain>("POST", place(domain, "/check")));
