import { EntitySchema } from 'typeorm';
import { bytes, hash, integer, text } from '../columns.ts';
import type { Content } from '../rows.ts';

/** The large texts of steps and of the ledger. */
export const ContentEntity = new EntitySchema<Content>({
  name: 'Content',
  tableName: 'contents',
  synchronize: false,
  columns: {
    hash: { ...hash('hash'), primary: true },
    packing: text('packing'),
    size: integer('size'),
    bytes: bytes('bytes'),
  },
});
