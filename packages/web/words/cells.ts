/**
 * What cells are called.
 *
 * @module
 */

/** The names. */
export const cells: Record<string, string> = {
  rnn: "RNN",
  lstm: "LSTM",
  gru: "GRU",
  mingru: "minGRU",
  lnlstm: "layer-norm LSTM",
};
