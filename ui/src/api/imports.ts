/** Imports of contacts from CSV files. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call, get, upload } from "./client";
import type { ContactImport, ImportColumn, ImportForm, ImportSamples, RefusedRow } from "./types";

const KEY = ["imports"] as const;
const LIVE_MS = 500;
const LIST_MS = 2_000;

/** Whether the server works on it just now. */
export const isWorking = ({ state }: ContactImport): boolean => state === "checking" || state === "importing";

export const useImports = () =>
  useQuery({
    queryKey: [...KEY, "list"],
    queryFn: () => get<ContactImport[]>("/contacts/imports"),
    refetchInterval: ({ state }) => (state.data?.some(isWorking) ? LIST_MS : false),
  });

export const useImport = (id: string) =>
  useQuery({
    queryKey: [...KEY, id, "import"],
    queryFn: () => get<ContactImport>(`/contacts/imports/${id}`),
    refetchInterval: ({ state }) => (state.data && isWorking(state.data) ? LIVE_MS : false),
  });

export const useImportSamples = (id: string, form: ImportForm) =>
  useQuery({
    queryKey: [...KEY, id, "samples", form],
    queryFn: () => get<ImportSamples>(`/contacts/imports/${id}/samples`),
  });

/** What was refused so far; read again while there is more of it. */
export const useRefusedRows = (id: string, refused: number) =>
  useQuery({
    queryKey: [...KEY, id, "refused", refused],
    queryFn: () => get<RefusedRow[]>(`/contacts/imports/${id}/refused?limit=100`),
    placeholderData: (previous) => previous,
    enabled: refused > 0,
  });

export function useUpload(onSent: (share: number) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (file: File) =>
      upload<ContactImport>(`/contacts/imports?${new URLSearchParams({ name: file.name })}`, file, onSent),
    onSuccess: () => client.invalidateQueries({ queryKey: [...KEY, "list"] }),
  });
}

export interface ImportMapping {
  columns: ImportColumn[];
  list_id: string | null;
}

function useImportAct<Input>(id: string, act: (input: Input) => Promise<ContactImport>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: (changed) => {
      client.setQueryData([...KEY, id, "import"], changed);
      return client.invalidateQueries({ queryKey: KEY });
    },
  });
}

export const useReread = (id: string) =>
  useImportAct(id, (form: ImportForm) => call<ContactImport>("PATCH", `/contacts/imports/${id}`, form));

export const useCheckImport = (id: string) =>
  useImportAct(id, (mapping: ImportMapping) => call<ContactImport>("POST", `/contacts/imports/${id}/check`, mapping));

export const useStartImport = (id: string) =>
  useImportAct(id, (mapping: ImportMapping) => call<ContactImport>("POST", `/contacts/imports/${id}/start`, mapping));

export const useCancelImport = (id: string) =>
  useImportAct(id, () => call<ContactImport>("POST", `/contacts/imports/${id}/cancel`));
