import { CloseButton, Kbd, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useRef } from "react";

interface SearchProps {
  value: string;
  onChange: (value: string) => void;
  placeholder: string;
  width?: number | string;
}

/** The page's search box. The `/` key leads here (see shell/keys.ts, which looks for `data-search`). */
export function Search({ value, onChange, placeholder, width = 280 }: SearchProps) {
  const box = useRef<HTMLInputElement>(null);
  return (
    <TextInput
      ref={box}
      data-search
      type="search"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      onKeyDown={(event) => event.key === "Escape" && (value ? onChange("") : box.current?.blur())}
      placeholder={placeholder}
      aria-label={placeholder}
      leftSection={<IconSearch size={16} />}
      rightSection={
        value ? (
          <CloseButton size="sm" aria-label="Clear search" onClick={() => onChange("")} />
        ) : (
          <Kbd size="xs" visibleFrom="sm" aria-hidden="true">
            /
          </Kbd>
        )
      }
      w={width}
      maw="100%"
    />
  );
}
