form-required = Fill in this field.
form-choose = Choose one.
form-choice = There is no such choice. Choose from the list.
form-email = Write a complete address, such as first.last@example.com.
form-invisible = Invisible characters were removed. Check the text and send it again.
form-too-long = { $actual } characters is too long. The maximum is { $max }.
