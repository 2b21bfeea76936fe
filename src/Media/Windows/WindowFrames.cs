namespace WanTalk.Media.Windows;

/// <summary>Which frames of a window become its segment.</summary>
/// <param name="Width">Pixels in a row, even.</param>
/// <param name="Height">Rows, even.</param>
/// <param name="Skip">First frames that the window before has shown already: 0 or 9.</param>
/// <param name="Keep">Frames behind them that are shown: 1..81.</param>
/// <param name="Sampled">Frames that the engine delivers for a window: 81.</param>
public sealed record WindowFrames(int Width, int Height, int Skip, int Keep, int Sampled = 81);
