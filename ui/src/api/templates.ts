/** Templates and topics: the list, one with its preview, and what can be done to them. */

import { keepPreviousData, queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call, get, query } from "./client";
import type {
  NewTemplate,
  PreviewAsk,
  PreviewPerson,
  Template,
  TemplateChange,
  TemplatePreview,
  TemplateSample,
  TemplateSummary,
  TemplateVersion,
  Topic,
} from "./types";

const KEY = ["templates"] as const;
const TOPICS = ["topics"] as const;
const LIST_EVERY_MS = 10_000;

export const templatesQuery = queryOptions({
  queryKey: [...KEY, "list"],
  queryFn: () => get<TemplateSummary[]>("/templates"),
});

export const useTemplates = () => useQuery({ ...templatesQuery, refetchInterval: LIST_EVERY_MS });

export const useTemplate = (id: string) =>
  useQuery({ queryKey: [...KEY, id, "template"], queryFn: () => get<Template>(`/templates/${id}`) });

export const useVersions = (id: string) =>
  useQuery({ queryKey: [...KEY, id, "versions"], queryFn: () => get<TemplateVersion[]>(`/templates/${id}/versions`) });

/** What a recent message of it brought along. */
export const useTemplateSample = (id: string) =>
  useQuery({ queryKey: [...KEY, id, "sample"], queryFn: () => get<TemplateSample>(`/templates/${id}/sample`) });

/** How a draft looks to a contact, and what is wrong with it; the last answer stays until the next is there. */
export const usePreview = (id: string, ask: PreviewAsk) =>
  useQuery({
    queryKey: [...KEY, id, "preview", ask],
    queryFn: () => call<TemplatePreview>("POST", `/templates/${id}/preview`, ask),
    placeholderData: keepPreviousData,
    gcTime: 30_000,
  });

export const usePreviewPeople = (prefix: string) =>
  useQuery({
    queryKey: [...KEY, "people", prefix],
    queryFn: () => get<PreviewPerson[]>(`/templates/people${query({ prefix })}`),
    placeholderData: keepPreviousData,
  });

/** Something done to templates, after which all about them is read again. */
function useAct<Input, Output>(act: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: () => client.invalidateQueries({ queryKey: KEY }),
  });
}

export const useAddTemplate = () => useAct((body: NewTemplate) => call<Template>("POST", "/templates", body));

export const useSaveTemplate = (id: string) =>
  useAct((change: TemplateChange) => call<Template>("PATCH", `/templates/${id}`, change));

export const usePublishTemplate = (id: string) => useAct(() => call<Template>("POST", `/templates/${id}/publish`));

export const useDuplicateTemplate = (id: string) => useAct(() => call<Template>("POST", `/templates/${id}/duplicate`));

export function useRemoveTemplate(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => call<void>("DELETE", `/templates/${id}`),
    onSuccess: () => client.invalidateQueries({ queryKey: templatesQuery.queryKey }),
  });
}

export const useTestSend = (id: string) =>
  useMutation({
    mutationFn: (body: PreviewAsk & { to: string }) =>
      call<{ message_id: string }>("POST", `/templates/${id}/test`, body),
  });

export const useTopics = () => useQuery({ queryKey: TOPICS, queryFn: () => get<Topic[]>("/topics") });

function useTopicAct<Input, Output>(act: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: TOPICS });
      await client.invalidateQueries({ queryKey: templatesQuery.queryKey });
    },
  });
}

export const useAddTopic = () =>
  useTopicAct((body: { name: string; description: string }) => call<Topic>("POST", "/topics", body));

export const useRemoveTopic = () => useTopicAct((id: number) => call<void>("DELETE", `/topics/${id}`));
